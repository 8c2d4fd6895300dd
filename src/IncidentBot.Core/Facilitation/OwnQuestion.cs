using IncidentBot.Core.Facilitation.Scripts;
using IncidentBot.Core.Incidents;

namespace IncidentBot.Core.Facilitation;

/// <summary>A question of the facilitator's own, which no script holds.</summary>
internal static class OwnQuestion
{
    public const string Key = "own-question";

    private static readonly ScriptPrompt Own = new()
    {
        Key = Key,
        Title = "A question",
        Ask = "?",
        Fields = [new ScriptField { Key = "answer", Label = "Your answer", Fills = nameof(FindingKind.Recollection).ToLowerInvariant(), Lengthy = true }],
    };

    /// <summary>The question as the script has it, also when it is the facilitator's own.</summary>
    public static ScriptPrompt Of(Script script, Prompt prompt) => script.Prompt(prompt.Key) ?? Own;
}
