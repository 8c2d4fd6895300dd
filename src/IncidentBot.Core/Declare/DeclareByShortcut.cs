using IncidentBot.Core.Chat;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.Timeline;

namespace IncidentBot.Core.Declare;

/// <summary>Opens the form of a declaration from a menu or a button, with the words of a message in it when it was a message's menu.</summary>
public sealed class DeclareByShortcut(Installation installation, QuotedMessages quoted) : IHandle<ShortcutUsed>, IHandle<ButtonPressed>
{
    public const string Key = "declare.shortcut";
    public const string FromMessageKey = "declare.from-message";
    public const string ButtonKey = "declare.open";

    public Task<Answer> HandleAsync(ShortcutUsed e, Turn turn, CancellationToken stop)
    {
        var form = DeclareForm.New(installation, new() { Words = RichText.Of(e.Message?.Text.Brief(Declaring.LongestTitle)) });
        return Task.FromResult<Answer>(new OpenFormAnswer(e.Message is null ? form : form with
        {
            Context = quoted.Hold(e.Message, turn, ""),
            Note = "The message becomes the first entry of its timeline, at the time it was written.",
        }));
    }

    public Task<Answer> HandleAsync(ButtonPressed e, Turn turn, CancellationToken stop) =>
        Task.FromResult<Answer>(new OpenFormAnswer(DeclareForm.New(installation, new() { Words = RichText.Empty })));
}
