using System.Text.RegularExpressions;
using IncidentBot.Core.Chat;
using IncidentBot.Core.Incidents;

namespace IncidentBot.Core.Declare;

/// <summary>Declares an incident from one typed line, at once; <c>--form</c> opens the form instead.</summary>
public sealed partial class StartIncident(Declaring declaring, Installation installation) : IHandle<CommandInvoked>
{
    public async Task<Answer> HandleAsync(CommandInvoked e, Turn turn, CancellationToken stop)
    {
        var (text, form) = CommandReader.TakeFlag(e.Text, "form");
        (text, var isPrivate) = CommandReader.TakeFlag(text, "private");
        (text, var drill) = CommandReader.TakeFlag(text, "drill");
        (text, var backfill) = CommandReader.TakeFlag(text, "backfill");
        (text, var kindWord) = CommandReader.Take(text, "kind");
        if (!ReadKind(kindWord, out var kind))
        {
            return new UnknownKind(kindWord!);
        }

        var services = new List<string>();
        for (var (rest, name) = CommandReader.Take(text, "service"); ; (rest, name) = CommandReader.Take(text, "service"))
        {
            if (name is null)
            {
                break;
            }

            services.Add(name);
            text = rest;
        }

        (text, var severityWord) = CommandReader.Take(text, "sev(?:erity)?");
        text = text.Trim();
        if (CommandReader.OptionsIn(text).Select(o => (Word: o, Near: Nearest.Of(o.TrimStart('-', '–', '—').ToLowerInvariant(), Options))).FirstOrDefault(o => o.Near is not null) is { Word: { } word } option)
        {
            return new NoSuchOption(word, option.Near!);
        }

        var first = SpacedSeverity().Match(text.Plain) is { Success: true } spaced ? spaced.Value : text.Plain.Split([' ', '\n', '\t'], 2)[0].TrimEnd(':', ',');
        var severity = Severity.ReadTag(first.Replace(" ", ""));
        if (severityWord is not null && (severity = Severity.Read(severityWord)) is null)
        {
            return new NoSuchOption($"--sev {severityWord}", "sev");
        }

        if (severity is not null && severityWord is null)
        {
            text = text.From(first.Length).Trim();
            text = text.Plain.StartsWith(':') || text.Plain.StartsWith(',') ? text.From(1).Trim() : text;
        }

        var declaration = new Declaration { Words = text, Severity = severity, Kind = kind, Services = services, Private = isPrivate, Drill = drill, Backfill = backfill };
        if (form)
        {
            return new OpenFormAnswer(DeclareForm.New(installation, declaration));
        }

        var incident = await declaring.DeclareAsync(declaration, turn, stop);
        return Answer.Private(DeclareWording.Receipt(incident));
    }

    private static readonly string[] Options = ["private", "drill", "backfill", "form", "kind", "service", "sev"];

    [GeneratedRegex(@"^sev(?:erity)?\s+[1-4](?=[\s:,]|$)", RegexOptions.IgnoreCase)]
    private static partial Regex SpacedSeverity();

    private static bool ReadKind(string? word, out IncidentKind kind)
    {
        kind = IncidentKind.Outage;
        return word is null || Words.TryRead(word, out kind);
    }
}

/// <summary>No such kind of incident.</summary>
public sealed record UnknownKind(string Word) : Refusal
{
    public override string Sentence =>
        $"I know no kind `{RichText.Briefly(Word, 30)}`. The kinds are {string.Join(", ", Words.Of<IncidentKind>())}; without `--kind` it is an outage. Nothing was declared yet.";
}

/// <summary>Something that was probably meant as an option; what it was meant to do may matter, so nothing is declared without it.</summary>
public sealed record NoSuchOption(string Option, string Nearest) : Refusal
{
    public override string Sentence =>
        $"I do not understand `{RichText.Briefly(Option, 30)}` here; did you mean `{Example}`? Options are --private, --drill, --backfill, --form, --sev N, --kind KIND and --service NAME, each once; words that only look like one go between backticks or quotes. Nothing was declared yet.";

    private string Example => Nearest switch { "sev" => "--sev 1", "kind" => "--kind security", "service" => "--service NAME", _ => $"--{Nearest}" };
}
