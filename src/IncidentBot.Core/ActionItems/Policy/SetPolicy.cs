using System.Globalization;
using System.Text.RegularExpressions;
using IncidentBot.Core.Chat;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.People;
using IncidentBot.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace IncidentBot.Core.ActionItems.Policy;

/// <summary>Shows the rules by which action items are followed up; an administrator changes them, after having seen which dates would move.</summary>
public sealed partial class SetPolicy(BotDb db, Policies policies, Permissions permissions, PeopleDirectory people) : IHandle<CommandInvoked>, IHandle<ButtonPressed>
{
    public const string Verb = "policy";
    public const string SetKey = "action-items.set-policy";
    public const string SetAndMoveKey = "action-items.set-policy-and-move";
    private const string Usual = "usual";
    private const int MostShown = 12;

    public async Task<Answer> HandleAsync(CommandInvoked e, Turn turn, CancellationToken stop)
    {
        var book = await policies.OfAsync(turn.By.Workspace, stop);
        if (e.Text.IsBlank)
        {
            return Answer.Private(PolicyWording.Book(book));
        }

        if (!permissions.IsAdministrator(turn.By))
        {
            return new OnlyAdministratorsMay("change the policy");
        }

        // A person stands in the words by their id, so that the button can say the same again.
        var words = string.Concat(e.Text.Spans.Select(s => s.Kind == SpanKind.User ? $"@{s.Target}" : s.Text)).Trim();
        if (await ReadAsync(words, turn, stop) is not { } wish)
        {
            return new PolicyWhat();
        }

        if (wish.IsUsual && !book.Rules.Any(r => r.HasSameScope(wish.Rule) && r.SaysAnyOf(wish.Rule)))
        {
            return new UsualAlready(wish.Rule.Scope);
        }

        var moves = await MovesAsync(book, wish, turn, stop);
        // Of private incidents only the number is told to whoever is not in them.
        var visible = await permissions.Visible(turn.By).Select(i => i.Id).ToListAsync(stop);
        return Answer.Private(PolicyWording.Preview(wish.Rule, wish.IsUsual, words, [.. moves.Where(m => visible.Contains(m.Item.IncidentId)).Take(MostShown)], moves.Count));
    }

    public async Task<Answer> HandleAsync(ButtonPressed e, Turn turn, CancellationToken stop)
    {
        if (!permissions.IsAdministrator(turn.By))
        {
            return new OnlyAdministratorsMay("change the policy");
        }

        var book = await policies.OfAsync(turn.By.Workspace, stop);
        if (await ReadAsync(e.Value ?? "", turn, stop) is not { } wish)
        {
            return new NoLongerWorks();
        }

        var moves = e.ButtonKey == SetAndMoveKey ? await MovesAsync(book, wish, turn, stop) : [];
        foreach (var (item, to) in moves)
        {
            item.Note(PolicyWording.MovedNote(item, to), null, turn.By, turn.Now);
            item.SetDue(to, turn.Now, byPolicy: true);
        }

        Keep(book, wish);
        return Answer.Private(PolicyWording.Set(wish.Rule, wish.IsUsual, moves.Count));
    }

    // What else older rules of the same scope say stays as old as it is: the newer of two equally narrow ones counts.
    private void Keep(PolicyBook book, Wish wish)
    {
        foreach (var known in book.Rules.Where(r => r.HasSameScope(wish.Rule)))
        {
            known.YieldTo(wish.Rule);
            if (known.SaysNothing)
            {
                db.FollowUpRules.Remove(known);
            }
        }

        if (!wish.IsUsual)
        {
            db.FollowUpRules.Add(wish.Rule);
        }
    }

    // Only dates that came from the policy go with it.
    private async Task<List<(ActionItem Item, DateOnly To)>> MovesAsync(PolicyBook book, Wish wish, Turn turn, CancellationToken stop)
    {
        if (wish.Rule.CompleteWithin is null)
        {
            return [];
        }

        var after = wish.IsUsual ? book.Without(wish.Rule) : book.With(wish.Rule);
        var items = await db.ActionItems.Include(a => a.Incident).Where(ActionItem.StillOpen).Where(a => a.DueByPolicy && a.Incident!.Workspace == turn.By.Workspace && !a.Incident.Replayed && !a.Incident.Imported).ToListAsync(stop);
        var owners = items.Select(i => i.OwnerId).OfType<long>().Distinct().ToList();
        var zones = (await db.People.Where(p => owners.Contains(p.Id)).ToListAsync(stop)).ToDictionary(p => p.Id, p => p.Zone);
        return [.. items.Select(i => (Item: i, To: after.DateFor(i.Incident!, i, i.OwnerId is { } id && zones.TryGetValue(id, out var zone) ? zone : TimeZoneInfo.Utc, turn.Now)))
            .Where(m => m.To is { } to && to != m.Item.Due).Select(m => (m.Item, m.To!.Value)).OrderBy(m => m.Item.Due).ThenBy(m => m.Item.Id)];
    }

    private async Task<Wish?> ReadAsync(string words, Turn turn, CancellationToken stop) =>
        await RuleAsync(words, turn, stop) is { } rule ? new(rule, IsUsual(Form().Match(words).Groups["value"].Value.Trim())) : null;

    private async Task<FollowUpRule?> RuleAsync(string words, Turn turn, CancellationToken stop)
    {
        var match = Form().Match(words);
        if (!match.Success || !TryScope(match.Groups["scope"].Value, out var severity, out var priority, out var kind, out var team))
        {
            return null;
        }

        var value = match.Groups["value"].Value.Trim();
        var rule = new FollowUpRule { Workspace = turn.By.Workspace, Severity = severity, Priority = priority, Kind = kind, Team = team, SetByName = turn.By.Name, SetAt = turn.Now };
        switch (match.Groups["what"].Value.ToLowerInvariant())
        {
            // A rule that is taken back says of what; the value itself is not kept.
            case "complete" or "due" when Span(value) is { } span:
                rule.CompleteWithin = span;
                return rule;
            case "assign" when Span(value) is { } span:
                rule.AssignWithin = span;
                return rule;
            case "remind" when IsUsual(value):
                rule.Remind = Usual;
                return rule;
            case "escalate" when IsUsual(value):
                (rule.EscalateAfter, rule.EscalateTo) = (1, Usual);
                return rule;
            case "remind" when value.Replace('−', '-').Split([' ', ','], StringSplitOptions.RemoveEmptyEntries) is { Length: > 0 and <= 6 } days && days.All(d => int.TryParse(d, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var n) && n is >= -60 and <= 60):
                rule.Remind = string.Join(' ', days.Select(d => int.Parse(d, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture)).Distinct().Order());
                return rule;
            case "report" when value.ToLowerInvariant() is "on" or "off" or Usual:
                rule.Report = value.Equals("on", StringComparison.OrdinalIgnoreCase);
                return rule;
            case "escalate" when Escalation().Match(value) is { Success: true } to:
                rule.EscalateAfter = to.Groups["n"].Success ? int.Parse(to.Groups["n"].Value, CultureInfo.InvariantCulture) : null;
                var whom = to.Groups["to"].Value;
                if (whom.StartsWith('@'))
                {
                    if (await people.FindKnownAsync(new(turn.By.Platform, turn.By.Workspace, whom[1..]), stop) is not { } person)
                    {
                        return null;
                    }

                    (rule.EscalateTo, rule.EscalateToName) = (person.UserId, person.Name);
                }
                else if (whom.Length > 0)
                {
                    rule.EscalateTo = whom.ToLowerInvariant();
                }

                return rule.EscalateAfter is null && rule.EscalateTo is null ? null : rule;
            default:
                return null;
        }
    }

    private static bool IsUsual(string value) => value.Equals(Usual, StringComparison.OrdinalIgnoreCase);

    private static string? Span(string value) => IsUsual(value) ? Usual : DaySpan.Read(value)?.ToString();

    private static bool TryScope(string words, out int? severity, out int? priority, out IncidentKind? kind, out string? team)
    {
        (severity, priority, kind, team) = (null, null, null, null);
        var all = words.Split([' ', ','], StringSplitOptions.RemoveEmptyEntries).Where(w => w.ToLowerInvariant() is not ("everything" or "and")).ToList();
        for (var at = 0; at < all.Count; at++)
        {
            var word = all[at];
            if (Priority().Match(word) is { Success: true } p)
            {
                priority = p.Groups[1].Value[0] - '0';
            }
            else if (word.StartsWith("sev", StringComparison.OrdinalIgnoreCase) && Severity.Read(word) is { } s)
            {
                severity = s;
            }
            else if (Words.TryRead<IncidentKind>(word, out var k))
            {
                kind = k;
            }
            else if (team is null && (word.StartsWith('@') || (word.Equals("team", StringComparison.OrdinalIgnoreCase) && at + 1 < all.Count)))
            {
                team = (word.StartsWith('@') ? word : all[++at]).TrimStart('@');
            }
            else
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>A rule to be set, or of which what it says is taken back.</summary>
    private sealed record Wish(FollowUpRule Rule, bool IsUsual);

    [GeneratedRegex(@"^\s*(?<what>complete|due|assign|remind|escalate|report)\s+(?:within\s+|after\s+|by\s+)?(?<value>.+?)(?:\s+for\s+(?<scope>.+))?\s*$", RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex Form();

    [GeneratedRegex(@"^(?:(?<n>[1-9]))?\s*(?:to\s+(?<to>commander|facilitator|admins|@[\w.-]+))?$", RegexOptions.IgnoreCase)]
    private static partial Regex Escalation();

    [GeneratedRegex(@"^[pP]([1-3])$")]
    private static partial Regex Priority();
}

/// <summary>What of the policy?</summary>
public sealed record PolicyWhat : Refusal
{
    public override string Sentence => "Which rule? `/incident policy complete 10d for SEV1 P1` (bd for working days), `assign 2bd`, `remind -2 0 1`, `escalate 2 to commander` (or facilitator, admins, @person), `report off`, or `complete usual` to take a rule back; each may end `for` a severity, a priority, a kind and a team (`for SEV1 P1 outage team payments`). Alone, `/incident policy` shows what holds. Nothing was changed.";
}

/// <summary>There is no rule to take back.</summary>
public sealed record UsualAlready(string Scope) : Refusal
{
    public override string Sentence => $"For {Scope} what is usual holds already. `/incident policy` shows the rules.";
}

/// <summary>Only administrators may do this.</summary>
public sealed record OnlyAdministratorsMay(string Act) : Refusal
{
    public override string Sentence => $"Only an administrator may {Act}. They stand in the setting Admins of the bot.";
}
