namespace IncidentBot.Core.Chat;

/// <summary>Words that belong to no slice.</summary>
internal static class ChatWording
{
    public static readonly Answer AlreadyRecorded = Answer.Private("That was already recorded; nothing was done twice.");
}

/// <summary>No such verb.</summary>
public sealed record UnknownVerb(string Verb, string? Nearest) : Refusal
{
    public override string Sentence => Nearest is null
        ? $"I do not know `{RichText.Briefly(Verb, 40)}`. Type `/incident help` to see what I understand. To put it on the timeline, type `/incident log TEXT`."
        : $"I do not know `{RichText.Briefly(Verb, 40)}`. Did you mean `/incident {Nearest}`? `/incident help` shows everything.";
}

/// <summary>Files go with what is put on the timeline, and with messages.</summary>
public sealed record FilesGoWithLog(string Verb) : Refusal
{
    public override string Sentence => $"`/incident {RichText.Briefly(Verb, 30)}` takes no files, and nothing was done yet. Send the file with a message or with `/incident log TEXT`.";
}

/// <summary>A button or form of an older version.</summary>
public sealed record NoLongerWorks : Refusal
{
    public override string Sentence => "This button no longer works. Type `/incident help` to see what you can do instead.";
}

/// <summary>Something broke that nobody expected; the words can be sent again.</summary>
public sealed record Unexpected(string ReferenceId) : Answer
{
    public string Sentence => $"Something went wrong on my side and nothing was changed. Please send it again; if it keeps failing, give your administrator the reference {ReferenceId}.";
}
