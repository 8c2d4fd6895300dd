using IncidentBot.Core.Chat;
using IncidentBot.Core.Incidents;

namespace IncidentBot.Core.Timeline;

/// <summary>An edit needs an entry and a change.</summary>
public sealed record EditWhat : Refusal
{
    public override string Sentence => "Which entry, and what about it? For example `/incident edit 4 14:40`, `/incident edit 4 new words`, `/incident edit 4 phase: mitigation`. `/incident timeline` shows the numbers.";
}

/// <summary>No entry of that number.</summary>
public sealed record NoSuchEntry(string Number, string Code) : Refusal
{
    public override string Sentence => $"{Code} has no entry {RichText.Briefly(Number, 12)}. `/incident timeline` shows the numbers.";
}

/// <summary>A redacted entry stays as it is.</summary>
public sealed record EntryIsRedacted(int Seq) : Refusal
{
    public override string Sentence => $"Entry {Seq} is redacted; its words are gone for good. Log what may be said as a new entry.";
}

/// <summary>Only some people may change an entry.</summary>
public sealed record OnlyItsAuthorMay(string Act, int Seq, string? Author) : Refusal
{
    public override string Sentence => $"Only {Author ?? "its author"}, the commander or an administrator may {Act} entry {Seq}. You can log a correction: `/incident log TEXT`.";
}

/// <summary>A time that cannot be.</summary>
public sealed record ImpossibleTime(string Said) : Refusal
{
    public override string Sentence => $"“{RichText.Briefly(Said, 40)}” is no time that exists in your zone. Give it like 14:35, or with a date: 2026-03-29 03:30. Nothing was changed.";
}

/// <summary>No such phase.</summary>
public sealed record UnknownPhase(string Word) : Refusal
{
    public override string Sentence => $"I know no phase `{RichText.Briefly(Word, 30)}`. The phases are {string.Join(", ", Words.Of<Phase>())}.";
}

/// <summary>No such kind of entry.</summary>
public sealed record UnknownEntryKind(string Word) : Refusal
{
    public override string Sentence => $"I know no kind `{RichText.Briefly(Word, 30)}`. An entry can be {string.Join(", ", Words.Of<EntryKind>().Where(w => w != "system"))}.";
}
