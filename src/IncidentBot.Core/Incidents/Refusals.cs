using IncidentBot.Core.Chat;

namespace IncidentBot.Core.Incidents;

/// <summary>The incident is closed, so its state does not move.</summary>
public sealed record NotOpen(string Code, Status Status) : Refusal
{
    public override string Sentence => $"{Code} is {Status.Word()}. Type `/incident reopen --in {Code}` first if it is not over.";
}

/// <summary>An incident cannot be merged into itself, nor into one that is no more.</summary>
public sealed record CannotMerge(string Code, string Into, string Why) : Refusal
{
    public override string Sentence => $"{Code} cannot be merged into {Into}: {Why}. Nothing was changed.";
}

/// <summary>The incident is a part of another already.</summary>
public sealed record MergedAlready(string Code, string Survivor) : Refusal
{
    public override string Sentence => $"{Code} is a part of {Survivor} already. To merge {Survivor} itself, type `/incident merge INC-… --in {Survivor}`. Nothing was changed.";
}

/// <summary>A merge needs the incident that goes on.</summary>
public sealed record MergeIntoWhich(string Code) : Refusal
{
    public override string Sentence => $"Which incident goes on? Type `/incident merge INC-…`, and {Code} becomes a part of it. `/incident list` shows the open ones.";
}

/// <summary>The incident is not closed, so it cannot be reopened.</summary>
public sealed record StillOpen(string Code, Status Status) : Refusal
{
    public override string Sentence => $"{Code} is still open ({Status.Word()}); there is nothing to reopen.";
}

/// <summary>The status is already what was asked for.</summary>
public sealed record AlreadyThatStatus(string Code, Status Status) : Refusal
{
    public override string Sentence => $"{Code} is already {Status.Word()}. To correct since when, find its number with `/incident timeline` and type `/incident edit N HH:MM`; to add what is new, type `/incident update TEXT` or `/incident log TEXT`.";
}

/// <summary>The severity is already what was asked for.</summary>
public sealed record AlreadyThatSeverity(string Code, int Severity) : Refusal
{
    public override string Sentence => $"{Code} is already {Incidents.Severity.Name(Severity)}. Add a reason to record why: `/incident sev {Severity} REASON`.";
}

/// <summary>No such incident, or none that this person may see.</summary>
public sealed record NoSuchIncident(string Code) : Refusal
{
    public override string Sentence => $"There is no incident {Code} that you can see. Type `/incident list` to see the open ones.";
}

/// <summary>Nothing is open here.</summary>
public sealed record NothingOpen : Refusal
{
    public override string Sentence => "No incident is open here. Declare one with `/incident start TITLE`, or name one with `--in INC-…`.";
}

/// <summary>Only some people may do this.</summary>
public sealed record OnlyTheCommanderMay(string Act, string Code) : Refusal
{
    public override string Sentence => $"Only the commander of {Code}, who declared it, or an administrator may {Act} it. Ask one of them, or take command with `/incident commander`.";
}

/// <summary>Guests from other organisations may log, and nothing else.</summary>
public sealed record GuestsMayOnlyLog : Refusal
{
    public override string Sentence => "Guests from other organisations can log what they see with `/incident log TEXT`; ask someone of this workspace for anything else.";
}

/// <summary>Entries and actions of a merged incident go on in another, under numbers of their own there.</summary>
public sealed record MendItThere(string Code, string Survivor) : Refusal
{
    public override string Sentence => $"{Code} is a part of {Survivor} now, and its entries and actions go by the numbers that they have there: `/incident timeline --in {Survivor}` and `/incident actions all --in {Survivor}` show them.";
}
