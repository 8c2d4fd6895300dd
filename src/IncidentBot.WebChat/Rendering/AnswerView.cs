using System.Text.Json;
using System.Text.Json.Serialization;
using IncidentBot.Core.Chat;

namespace IncidentBot.WebChat.Rendering;

/// <summary>An answer as the page reads it.</summary>
internal sealed record AnswerView(string Kind, Card? Card = null, Form? Form = null, IReadOnlyDictionary<string, string>? Errors = null, string? Text = null)
{
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new RichTextJson(), new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },
    };

    public static AnswerView Of(Answer answer) => answer switch
    {
        PrivateAnswer a => new("private", Card: a.Card),
        OpenFormAnswer a => new("form", Form: a.Form),
        FieldErrorsAnswer a => new("errors", Errors: a.Errors),
        RefusedAnswer a => new("refused", Text: a.Refusal.Sentence),
        Unexpected a => new("failed", Text: a.Sentence),
        _ => new("none"),
    };
}
