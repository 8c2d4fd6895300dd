using System.Collections.Immutable;

namespace IncidentBot.Core.Chat;

/// <summary>A form that a person fills in: a dialog in the browser, a modal elsewhere.</summary>
/// <param name="Key">The route of its submission; never changes meaning once shipped.</param>
/// <param name="Context">What the form carries unseen, such as an incident's id.</param>
/// <param name="Note">What the person should know before they fill it in.</param>
/// <param name="Grave">True when what it does cannot be taken back.</param>
public sealed record Form(string Key, string Title, string Submit, ImmutableArray<FormField> Fields, string? Context = null, string? Note = null, bool Grave = false);

/// <summary>A field of a form.</summary>
public sealed record FormField(
    string Id,
    string Label,
    FieldKind Kind = FieldKind.Line,
    string? Value = null,
    bool Required = false,
    string? Hint = null,
    ImmutableArray<FormOption>? Options = null);

/// <summary>One thing to choose in a field.</summary>
public sealed record FormOption(string Value, string Label);

/// <summary>What a field takes.</summary>
public enum FieldKind
{
    Line,
    Paragraph,
    Choice,

    /// <summary>One person, by the platform's id.</summary>
    Person,
}
