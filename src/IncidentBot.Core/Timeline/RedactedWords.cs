using IncidentBot.Core.Chat;

namespace IncidentBot.Core.Timeline;

/// <summary>The words that a redaction takes away, and where they are found again.</summary>
public sealed class RedactedWords
{
    // A shorter text, such as "db", is looked for whole and not as a part: it would hit what has nothing to do with it.
    private const int ShortestPart = 12;

    // What the bot itself puts in front of someone's words.
    private static readonly string[] Prefixes = ["Status update: ", "Incident declared: ", "Drill declared: "];

    private readonly HashSet<string> _words;

    private RedactedWords(HashSet<string> words) => _words = words;

    public static RedactedWords Of(TimelineEntry entry)
    {
        var words = new HashSet<string>();
        foreach (var text in entry.Revisions.Select(r => r.Text.Plain).Append(entry.Text.Plain).Select(t => t.Trim()).Where(t => t.Length > 0))
        {
            words.Add(text);
            // What a person added to an automatic entry went out by itself too: a note for a hand-over, a reason.
            if (entry.Kind == EntryKind.System && text.IndexOf(": ", StringComparison.Ordinal) is > 0 and var note)
            {
                words.Add(text[(note + 2)..]);
            }

            if (Prefixes.FirstOrDefault(p => text.StartsWith(p, StringComparison.Ordinal)) is { } prefix)
            {
                words.Add(text[prefix.Length..]);
            }
        }

        return new(words);
    }

    public string ToJson() => System.Text.Json.JsonSerializer.Serialize(_words);

    public static RedactedWords FromJson(string json) => new(System.Text.Json.JsonSerializer.Deserialize<HashSet<string>>(json)!);

    /// <summary>True when the text is, or holds, any of the words.</summary>
    public bool Holds(string text) =>
        _words.Any(w => text.Trim() == w || (w.Length >= ShortestPart && (text.Contains(w, StringComparison.Ordinal) || Bare(text).Contains(Bare(w), StringComparison.Ordinal))) || IsBeginning(text.Trim(), w));

    /// <summary>True when a text quotes any of the words, whole or only their beginning.</summary>
    public bool Quoted(string text) => Holds(text) || _words.Any(w => Cuts.Any(n => w.Length > n && text.Contains(RichText.Briefly(w, n).TrimEnd('…'), StringComparison.Ordinal)));

    // The lengths to which questions and quotes cut what they rest on.
    private static readonly int[] Cuts = [60, 200, 300];

    // A platform breaks long texts, and sets code apart, in its own way.
    private static string Bare(string text) => string.Concat(text.Where(c => !char.IsWhiteSpace(c) && c != '`'));

    // A card shows the beginning of a long text, with its line ends as spaces.
    private static bool IsBeginning(string text, string words) =>
        text.Length > ShortestPart && text[^1] == '…' && words.ReplaceLineEndings(" ").StartsWith(text[..^1], StringComparison.Ordinal);

    /// <summary>True when the words hold the text, which was taken out of them.</summary>
    public bool Contain(string? text) =>
        !string.IsNullOrWhiteSpace(text) && _words.Any(w => w == text || (w.EndsWith($": {text}", StringComparison.Ordinal) || w.EndsWith($"“{text}”", StringComparison.Ordinal)));

    /// <summary>The text, overwritten if it holds any of the words.</summary>
    public RichText Overwrite(RichText text) => Holds(text.Plain) ? TimelineWording.RedactedText : text;

    /// <summary>The card as JSON, with every text that holds the words overwritten.</summary>
    public string OverwriteCard(string cardJson)
    {
        if (cardJson.Length == 0)
        {
            return cardJson;
        }

        var card = Card.FromJson(cardJson);
        return (card with
        {
            Title = Holds(card.Title) ? TimelineWording.RedactedText.Plain : card.Title,
            Parts =
            [
                .. card.Parts.Select(part => part switch
                {
                    TextPart text => text with { Text = Overwrite(text.Text) },
                    FactsPart facts => facts with { Facts = [.. facts.Facts.Select(f => f with { Value = Overwrite(f.Value) })] },
                    RowsPart rows => rows with { Rows = [.. rows.Rows.Select(f => f with { Value = Overwrite(f.Value) })] },
                    _ => part,
                }),
            ],
        }).ToJson();
    }
}
