using System.Collections.Immutable;

namespace IncidentBot.Core.Chat;

/// <summary>What the person who made a gesture is told, at most once, inside the request.</summary>
public abstract record Answer
{
    public static readonly Answer None = new Silence();

    public static Answer Private(Card card) => new PrivateAnswer(card);

    public static Answer Private(string words) => new PrivateAnswer(Card.Words("", words));

    public static implicit operator Answer(Refusal refusal) => new RefusedAnswer(refusal);
}

/// <summary>Nothing to say.</summary>
public sealed record Silence : Answer;

/// <summary>Words for the person alone.</summary>
public sealed record PrivateAnswer(Card Card) : Answer;

/// <summary>A form opens.</summary>
public sealed record OpenFormAnswer(Form Form) : Answer;

/// <summary>A submitted form stays open, with what is wrong beside its fields.</summary>
public sealed record FieldErrorsAnswer(ImmutableDictionary<string, string> Errors) : Answer;

/// <summary>The router goes on with another event, such as the command whose incident has now been picked.</summary>
public sealed record GoOnAnswer(ChatEvent Next) : Answer;

/// <summary>An expected refusal; nothing was changed.</summary>
public sealed record RefusedAnswer(Refusal Refusal) : Answer;

/// <summary>Why something expected was not done, and what to do instead.</summary>
public abstract record Refusal
{
    /// <summary>What the person reads: what is the matter, and what to do.</summary>
    public abstract string Sentence { get; }
}
