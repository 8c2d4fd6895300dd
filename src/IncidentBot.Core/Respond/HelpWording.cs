using IncidentBot.Core.Chat;

namespace IncidentBot.Core.Respond;

/// <summary>The help as cards.</summary>
public static class HelpWording
{
    public static Card For(string verb)
    {
        var line = CommandHelp.Lines.FirstOrDefault(l => l.Verb == verb || l.Aliases.Contains(verb));
        return line is null ? All() : new()
        {
            Title = $"/incident {line.Verb}",
            Parts =
            [
                new TextPart(char.ToUpperInvariant(line.Does[0]) + line.Does[1..] + "."),
                new FactsPart([new("Example", new RichText([new(SpanKind.Code, $"/incident {line.Example}")])), .. line.Aliases.Count == 0 ? [] : new[] { new Fact("Also", string.Join(", ", line.Aliases)) }]),
            ],
        };
    }

    private static Card All() => new()
    {
        Title = "What I understand",
        Parts =
        [
            new RowsPart([.. CommandHelp.Lines.Select(l => new Fact(l.Verb, $"{l.Does}"))]),
            new TextPart("📌 on a message puts it on the timeline at the time it was written. --in INC-2026-0001 names another incident. /incident help VERB tells more.", Quiet: true),
        ],
    };
}
