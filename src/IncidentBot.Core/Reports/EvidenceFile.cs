using System.Text;
using IncidentBot.Core.Timeline;

namespace IncidentBot.Core.Reports;

/// <summary>Where the stored files of an incident are found: served by the bot, or beside an exported document.</summary>
public static class EvidenceFile
{
    public const string Served = "/files/";
    public const string Beside = "evidence/";

    private const int Longest = 80;

    /// <summary>The address on the bot's own pages.</summary>
    public static string ServedAt(string fileId, string name) => $"{Served}{fileId}/{Uri.EscapeDataString(name)}";

    /// <summary>The path beside an exported document; the number of what it shows and the file's own keep equal names apart.</summary>
    /// <param name="shows">The number of the entry, or F and that of the finding.</param>
    public static string PathBeside(string shows, string fileId, string name) => $"{Beside}{shows}-{Own(fileId)}-{Safe(name)}";

    // A platform's ids begin alike.
    private static string Own(string id) => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(id)))[..8];

    // A name that every file system takes and no link has to escape.
    private static string Safe(string name)
    {
        var safe = new StringBuilder(name.Length);
        foreach (var c in name)
        {
            safe.Append(char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' ? c : '-');
        }

        var extension = Path.GetExtension(safe.ToString());
        var stem = Path.GetFileNameWithoutExtension(safe.ToString());
        return stem[..Math.Min(stem.Length, Longest)] + (extension.Length <= 12 ? extension : "");
    }
}
