using System.Text.RegularExpressions;
using IncidentBot.Core;
using IncidentBot.Core.Chat;
using IncidentBot.Core.Respond;

namespace IncidentBot.Tests.House;

/// <summary>The rules of the house.</summary>
public sealed partial class HouseTests
{
    internal static readonly string Root = FindRoot();

    private static readonly string[] Sources = [.. new[] { "src", "tests" }
        .SelectMany(d => Directory.EnumerateFiles(Path.Combine(Root, d), "*.cs", SearchOption.AllDirectories)).Where(f => !f.Contains($"{Path.DirectorySeparatorChar}Migrations{Path.DirectorySeparatorChar}"))];

    /// <summary>Every key that a posted message may carry; a line is added when one ships and never taken away.</summary>
    private static readonly (Type Event, string Key)[] Shipped =
    [
        (typeof(FormSubmitted), "declare.incident"), (typeof(FormSubmitted), "declare.details"), (typeof(ButtonPressed), "declare.open-details"),
        (typeof(ButtonPressed), "incidents.pick"), (typeof(ButtonPressed), "respond.take-role"), (typeof(FormSubmitted), "respond.role-from-file"),
        (typeof(ButtonPressed), "respond.mitigated"), (typeof(ButtonPressed), "respond.open-update"), (typeof(FormSubmitted), "respond.update"),
        (typeof(ButtonPressed), "respond.open-impact"), (typeof(FormSubmitted), "respond.impact"), (typeof(ButtonPressed), "respond.resolve"),
        (typeof(ButtonPressed), "respond.reopen"), (typeof(AlarmRang), "respond.nudge-for-update"), (typeof(ButtonPressed), "respond.nudge-later"),
        (typeof(ButtonPressed), "timeline.open-log"), (typeof(FormSubmitted), "timeline.log"), (typeof(ButtonPressed), "timeline.settle-time"), (typeof(ButtonPressed), "timeline.restore"),
        (typeof(ButtonPressed), "timeline.open-amend"), (typeof(FormSubmitted), "timeline.amend"), (typeof(ButtonPressed), "timeline.open-redact"), (typeof(FormSubmitted), "timeline.redact"),
        (typeof(AlarmRang), "respond.ask-for-commander"),
        (typeof(FormSubmitted), "action-items.from-file"), (typeof(ButtonPressed), "action-items.done"), (typeof(ButtonPressed), "action-items.rewrite"), (typeof(ButtonPressed), "reports.post"),
        (typeof(ButtonPressed), "action-items.open-done"), (typeof(ButtonPressed), "action-items.verify"), (typeof(ButtonPressed), "action-items.open-not-yet"), (typeof(ButtonPressed), "action-items.progress"),
        (typeof(ButtonPressed), "action-items.open-block"), (typeof(ButtonPressed), "action-items.snooze"), (typeof(ButtonPressed), "action-items.open-date"), (typeof(ButtonPressed), "action-items.day-before"),
        (typeof(ButtonPressed), "action-items.open-hand-over"), (typeof(ButtonPressed), "action-items.accept"), (typeof(ButtonPressed), "action-items.decline"), (typeof(ButtonPressed), "action-items.adopt"),
        (typeof(ButtonPressed), "action-items.open-drop"), (typeof(ButtonPressed), "action-items.approve-drop"), (typeof(ButtonPressed), "action-items.refuse-drop"), (typeof(ButtonPressed), "action-items.pick"),
        (typeof(ButtonPressed), "action-items.fill"), (typeof(ButtonPressed), "action-items.set-policy"), (typeof(ButtonPressed), "action-items.set-policy-and-move"), (typeof(ButtonPressed), "facilitation.withdraw"),
        (typeof(FormSubmitted), "action-items.finish"), (typeof(FormSubmitted), "action-items.not-yet"), (typeof(FormSubmitted), "action-items.block"), (typeof(FormSubmitted), "action-items.date"),
        (typeof(FormSubmitted), "action-items.hand-over"), (typeof(FormSubmitted), "action-items.drop"),
        (typeof(ShortcutUsed), "declare.shortcut"), (typeof(ShortcutUsed), "declare.from-message"), (typeof(ButtonPressed), "declare.open"),
        (typeof(ShortcutUsed), "timeline.from-message"), (typeof(FormSubmitted), "timeline.log-message"),
        (typeof(AlarmRang), "facilitation.offer"), (typeof(ButtonPressed), "facilitation.start"), (typeof(ButtonPressed), "facilitation.facilitate"),
        (typeof(ButtonPressed), "facilitation.next"), (typeof(ButtonPressed), "facilitation.open-skip"), (typeof(FormSubmitted), "facilitation.skip"), (typeof(ButtonPressed), "facilitation.close"),
        (typeof(ButtonPressed), "facilitation.score"), (typeof(ButtonPressed), "facilitation.join"), (typeof(ButtonPressed), "facilitation.open-answer"), (typeof(FormSubmitted), "facilitation.answer"),
        (typeof(ButtonPressed), "facilitation.tree"), (typeof(ButtonPressed), "facilitation.open-end-cause"), (typeof(FormSubmitted), "facilitation.end-cause"), (typeof(ButtonPressed), "facilitation.vote"),
        (typeof(AlarmRang), "facilitation.remind-the-silent"), (typeof(AlarmRang), "facilitation.remind-of-deadline"),
        (typeof(ButtonPressed), "coach.open-reword"), (typeof(ButtonPressed), "coach.park"), (typeof(ButtonPressed), "coach.keep"), (typeof(ButtonPressed), "coach.take"), (typeof(FormSubmitted), "coach.reword"), (typeof(FormSubmitted), "catalogue.service"),
        (typeof(ButtonPressed), "action-items.open-describe"), (typeof(FormSubmitted), "action-items.describe"),
        (typeof(ShortcutUsed), "action-items.from-message"), (typeof(FormSubmitted), "action-items.propose"),
    ];

    [Fact]
    public void Core_knows_no_web_framework_no_provider_and_no_scheduler()
    {
        string[] forbidden = ["Microsoft.AspNetCore", "Npgsql", "Microsoft.Data.Sqlite", "Microsoft.EntityFrameworkCore.Sqlite", "SQLitePCLRaw", "Quartz", "IncidentBot.WebChat", "IncidentBot.Slack"];
        Assert.DoesNotContain(typeof(Routes).Assembly.GetReferencedAssemblies(), a => forbidden.Any(f => a.Name!.StartsWith(f, StringComparison.Ordinal)));
    }

    [Fact]
    public void Adapters_know_no_slice()
    {
        var slices = new[] { "Declare", "Respond", "ActionItems", "Reports", "Replay", "Home", "Facilitation", "Catalogue", "Insights" };
        foreach (var file in Sources.Where(f => f.Contains($"src{Path.DirectorySeparatorChar}IncidentBot.WebChat") || f.Contains($"src{Path.DirectorySeparatorChar}IncidentBot.Slack")))
        {
            Assert.DoesNotContain(slices, s => File.ReadAllText(file).Contains($"using IncidentBot.Core.{s};", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Every_handler_is_routed()
    {
        var handlers = typeof(Routes).Assembly.GetTypes().Where(t => t is { IsClass: true, IsAbstract: false }
            && t.GetInterfaces().Any(i => i.IsGenericType && (i.GetGenericTypeDefinition() == typeof(IHandle<>) || i.GetGenericTypeDefinition() == typeof(IHandleMany<>))));
        var routed = Routes.Table().All.Select(r => r.Handler).ToHashSet();
        Assert.All(handlers, h => Assert.Contains(h, routed));
    }

    [Fact]
    public void Every_key_ever_shipped_still_resolves_and_every_new_one_is_listed()
    {
        var routes = Routes.Table().All.Where(r => r.Key.Length > 0 && r.Event != typeof(CommandInvoked)).Select(r => (r.Event, r.Key)).ToHashSet();
        Assert.All(Shipped, s => Assert.Contains(s, routes));
        Assert.All(routes, r => Assert.Contains(r, Shipped));
    }

    [Fact]
    public void Every_verb_is_in_the_help_and_every_verb_of_the_help_is_routed()
    {
        string[] inner = ["show-timeline", ""];
        var helped = CommandHelp.Lines.SelectMany(l => l.Aliases.Append(l.Verb)).ToHashSet();
        // What follows "review" is a verb to the routes and one word to people.
        var verbs = Routes.Table().Verbs.Except(inner).Where(v => !v.Contains(' ')).ToHashSet();
        Assert.Equal(verbs.Order(StringComparer.Ordinal), helped.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Folder_is_namespace()
    {
        foreach (var file in Sources)
        {
            var match = Namespace().Match(File.ReadAllText(file));
            if (!match.Success)
            {
                Assert.EndsWith("Program.cs", file, StringComparison.Ordinal);
                continue;
            }

            var folder = Path.GetRelativePath(Path.Combine(Root, file.StartsWith(Path.Combine(Root, "src"), StringComparison.Ordinal) ? "src" : "tests"), Path.GetDirectoryName(file)!);
            Assert.Equal(folder.Replace(Path.DirectorySeparatorChar, '.'), match.Groups[1].Value);
        }
    }

    [Fact]
    public void No_file_is_longer_than_four_hundred_lines() =>
        Assert.All(Sources.Concat(Directory.EnumerateFiles(Path.Combine(Root, "src", "IncidentBot.WebChat", "Rendering", "Page"))), f => Assert.True(File.ReadLines(f).Count() <= 400, $"{f} has {File.ReadLines(f).Count()} lines."));

    [Fact]
    public void Every_type_says_in_a_sentence_what_it_is()
    {
        foreach (var file in Sources.Where(f => f.StartsWith(Path.Combine(Root, "src"), StringComparison.Ordinal)))
        {
            var lines = File.ReadAllLines(file);
            for (var i = 1; i < lines.Length; i++)
            {
                if (TypeLine().IsMatch(lines[i]))
                {
                    var above = lines.Take(i).Reverse().SkipWhile(l => l.TrimStart().StartsWith('[')).FirstOrDefault() ?? "";
                    Assert.True(above.TrimStart().StartsWith("///", StringComparison.Ordinal), $"{Path.GetFileName(file)}:{i + 1} has no summary.");
                }
            }
        }
    }

    [Fact]
    public void Names_that_say_nothing_are_not_used()
    {
        var empty = EmptyName();
        Assert.DoesNotContain(new[] { typeof(Routes), typeof(BotApp), typeof(IncidentBot.WebChat.WebChatServices), typeof(IncidentBot.Slack.SlackServices) }.SelectMany(t => t.Assembly.GetTypes()),
            t => t.Namespace?.StartsWith("IncidentBot", StringComparison.Ordinal) == true && !t.Name.Contains('<') && empty.IsMatch(t.Name));
    }

    private static string FindRoot()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory!.FullName, "IncidentBot.sln")))
        {
            directory = directory.Parent;
        }

        return directory.FullName;
    }

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Namespace();

    [GeneratedRegex(@"^(?:public|internal) (?:static |sealed |abstract |partial |readonly )*(?:class|record|interface|enum|struct) ")]
    private static partial Regex TypeLine();

    [GeneratedRegex("(?:Manager|Service|Helper|Util|Utils|Base|Impl|Dto|Repository|Processor)$")]
    private static partial Regex EmptyName();
}
