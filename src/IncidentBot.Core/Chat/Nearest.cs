namespace IncidentBot.Core.Chat;

/// <summary>Finds the word that was probably meant.</summary>
public static class Nearest
{
    /// <returns>The candidate with the fewest slips, or null when none is near.</returns>
    public static string? Of(string word, IEnumerable<string> candidates)
    {
        var best = candidates.Select(c => (Word: c, Slips: Slips(word, c))).OrderBy(x => x.Slips).ThenBy(x => x.Word, StringComparer.Ordinal).FirstOrDefault();
        return best.Word is not null && best.Slips <= Math.Max(1, Math.Min(2, word.Length / 3)) ? best.Word : null;
    }

    private static int Slips(string a, string b)
    {
        if (b.StartsWith(a, StringComparison.Ordinal) && a.Length >= 3)
        {
            return 1;
        }

        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var swap = row[j];
                row[j] = Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1));
                diagonal = swap;
            }
        }

        return row[b.Length];
    }
}
