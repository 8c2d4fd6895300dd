using IncidentBot.Core.ActionItems;
using IncidentBot.Core.Chat;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.Timeline;

namespace IncidentBot.Core.Reports;

/// <summary>Sentences of the documents.</summary>
internal static class ReportWording
{
    /// <summary>How far an action is, as a document prints it.</summary>
    public static string State(ActionState state) => ActionWording.State(state) is var words ? char.ToUpperInvariant(words[0]) + words[1..] : "";

    public static string? Banner(Incident incident) =>
        incident.Replayed ? "Replayed from an incident file; kept out of figures." : incident.Drill ? "This was a drill." : incident.Private ? "Private: only for the people of this incident." : null;

    public static string NotResolved(Incident incident) => incident.IsOpen ? "the incident is not resolved yet." : "the end is not recorded.";

    public static string? Duration(PostMortem p) => p.Milestones is { Duration: { } duration, Detected: { } from, Resolved: { } to }
        ? $"{Elapsed.Of(duration)} ({Elapsed.Clock(duration)}, from detection {(p.Milestones.DetectedAssumed ? "(taken as the declaration) " : "")}to resolution: {Range(from, to)} UTC)"
        : null;

    public static string? Downtime(PostMortem p) => p.Milestones is { Duration: { } duration, Detected: { } from, Resolved: { } to }
        ? $"{Elapsed.Of(duration)} (detected → resolved, {Range(from, to)} UTC)" : null;

    public static string Severity(Incident incident) =>
        $"{Incidents.Severity.Full(incident.Severity)}{(incident.SeverityAssumed ? " (assumed)" : "")}{(incident.SeverityReason is { } why ? $": {why}" : "")}";

    public static string? UserImpact(Impact impact)
    {
        var parts = new[] { impact.UserExperience, impact.UsersAffected, impact.RequestsAffected is { } r ? (r.Contains("request", StringComparison.OrdinalIgnoreCase) ? r : $"{r} requests") : null }.Where(x => x is not null);
        return string.Join(" · ", parts);
    }

    /// <summary>Who commanded last, and who had before.</summary>
    public static string? Commander(PostMortem p)
    {
        var held = p.Roles.Where(r => r.Role == Role.Commander).Select(r => r.PersonName).ToList();
        var before = held.Where(h => h != held[^1]).Distinct().ToList();
        return held.Count == 0 ? null : before.Count == 0 ? held[^1] : $"{held[^1]} (before: {string.Join(", ", before)})";
    }

    public static string Responders(PostMortem p)
    {
        var holders = p.Roles.GroupBy(r => r.PersonName).Select(g => $"{g.Key} ({string.Join(", ", g.Select(r => r.Role).Distinct())})").ToList();
        var named = p.Roles.Select(r => r.PersonName).ToHashSet();
        var others = p.Timeline.Entries.Where(e => e is { Kind: not EntryKind.System, ActorId: not null, ActorName: not null } && !named.Contains(e.ActorName)).Select(e => e.ActorName!).Distinct();
        return string.Join(", ", holders.Concat(others));
    }

    public static string Summary(PostMortem p)
    {
        if (p.Said(FindingKind.Summary).FirstOrDefault() is { } written)
        {
            return written;
        }

        var m = p.Milestones;
        var sentences = new List<string>
        {
            m is { Duration: { } duration, Detected: { } from, Resolved: { } to }
                ? $"{Capital(p.Incident.Title)}: it was detected on {from:yyyy-MM-dd} at {from:HH:mm} UTC and resolved {(to.UtcDateTime.Date == from.UtcDateTime.Date ? $"at {to:HH:mm} UTC" : $"on {to:yyyy-MM-dd} at {to:HH:mm} UTC")}, {Elapsed.Of(duration)} later"
                : $"{Capital(p.Incident.Title)}: declared on {p.Incident.DeclaredAt:yyyy-MM-dd} at {p.Incident.DeclaredAt:HH:mm} UTC and {(p.Incident.IsOpen ? "not resolved yet" : p.Incident.Status.Word())}",
        };
        var impact = p.Incident.Impact;
        var harm = new[]
        {
            p.Incident.Services.Count > 0 ? $"affected: {string.Join(", ", p.Incident.Services)}" : null,
            impact.UsersAffected is { } users ? $"users: {users}" : null,
            impact.Revenue is { } revenue ? $"revenue: {revenue}" : null,
            impact.Sla is { } sla ? $"SLA: {sla}" : null,
        }.Where(x => x is not null).ToList();
        if (harm.Count > 0)
        {
            sentences.Add(Capital(string.Join("; ", harm)));
        }
        else if (impact.UserExperience is { } saw)
        {
            sentences.Add(saw);
        }

        if (p.Said(FindingKind.RootCause).FirstOrDefault() is { } root)
        {
            sentences.Add($"Root cause: {root}");
        }
        else if (p.Said(FindingKind.ProximateCause).FirstOrDefault() is { } immediate)
        {
            sentences.Add($"Immediate cause: {immediate}");
        }

        if (p.Said(FindingKind.Resolution).FirstOrDefault() is { } resolution)
        {
            sentences.Add($"Resolution: {resolution}");
        }
        else if (m.Mitigated is { } mitigated)
        {
            sentences.Add($"The impact was mitigated at {mitigated:HH:mm} UTC");
        }

        return string.Join(" ", sentences.Select(Ended));
    }

    public static string WhatHappened(PostMortem p) =>
        string.Join("\n", p.Said(FindingKind.WhatHappened).Concat(p.Said(FindingKind.ProximateCause)).Concat(p.Said(FindingKind.Resolution)).Distinct());

    /// <summary>Every duration that is known, with its definition.</summary>
    public static IEnumerable<(string Label, string Value)> Durations(PostMortem p)
    {
        var m = p.Milestones;
        if (p.Timeline.Windows.Count > 0)
        {
            var windows = string.Join(", ", p.Timeline.Windows.Select(w => w.To is { } to ? Range(w.From, to) : $"{w.From:HH:mm}–open"));
            yield return ("Customer impact", ImpactWindows.Total(p.Timeline.Windows) is { } total
                ? $"{Elapsed.Of(total)} (merged impact windows: {windows} UTC)" : $"not ended on the timeline (impact windows: {windows} UTC)");
        }

        foreach (var (label, definition, span) in new[]
        {
            ("Time to detect", "started → detected", m.TimeToDetect),
            ("Time to respond", "detected → acknowledged", m.TimeToRespond),
            ("Alert to acknowledgement", "alerted → acknowledged", m.AlertToAcknowledgement),
            ("Time to mitigate", "detected → mitigated", m.TimeToMitigate),
        })
        {
            if (span is { } known && known >= TimeSpan.Zero)
            {
                yield return (label, $"{Elapsed.Of(known)} ({definition})");
            }
        }
    }

    public static string Gap(Gap gap, bool withDate) =>
        $"Open point: nothing is recorded between {gap.From.ToString(withDate ? "yyyy-MM-dd HH:mm" : "HH:mm")} and {gap.To.ToString(withDate ? "yyyy-MM-dd HH:mm" : "HH:mm")} UTC ({Elapsed.Of(gap.Length)}).";

    public static Card Posted(PostMortem p, string? url)
    {
        var open = p.Timeline.Gaps().Count;
        return new()
        {
            Title = $"Post-mortem report · {p.Incident.Code} · {p.Incident.Title}",
            Tone = Tone.Primary,
            Parts =
            [
                new TextPart(Summary(p)),
                new FactsPart(
                [
                    new("Duration", Duration(p) ?? Capital(NotResolved(p.Incident))),
                    new("Timeline", $"{p.Timeline.Printed.Count()} entries{(open == 0 ? "" : $", {open} {(open == 1 ? "gap" : "gaps")} to fill")}"),
                    new("Action items", p.ActionItems.Count == 0 ? "none yet" : p.ActionItems.Count.ToString()),
                    .. url is null ? Array.Empty<Fact>() : [new("Document", new RichText([new(SpanKind.Link, "Read the report", url)]))],
                ]),
            ],
        };
    }

    public static Card Links(Incident incident, string url) => new()
    {
        Title = $"Documents of {incident.Code}",
        Parts =
        [
            new FactsPart(
            [
                new("Report", new RichText([new(SpanKind.Link, "HTML", $"{url}.html"), new(SpanKind.Plain, " · "), new(SpanKind.Link, "Markdown", $"{url}.md")])),
            ]),
            new TextPart(new RichText([new(SpanKind.Plain, "For a folder tree of files, an administrator runs "), new(SpanKind.Code, $"incidentbot export {incident.Code} --out DIR")]), Quiet: true),
        ],
    };

    private static string Range(DateTimeOffset from, DateTimeOffset to) =>
        from.UtcDateTime.Date == to.UtcDateTime.Date ? $"{from:HH:mm}–{to:HH:mm}" : $"{from:yyyy-MM-dd HH:mm}–{to:yyyy-MM-dd HH:mm}";

    private static string Ended(string sentence)
    {
        var trimmed = sentence.TrimEnd();
        return trimmed.EndsWith('.') || trimmed.EndsWith('!') || trimmed.EndsWith('?') ? trimmed : trimmed + ".";
    }

    private static string Capital(string sentence) => char.ToUpperInvariant(sentence[0]) + sentence[1..];
}
