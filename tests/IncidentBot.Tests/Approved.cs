using System.Runtime.CompilerServices;

namespace IncidentBot.Tests;

/// <summary>Compares what a person reads with what was looked at and approved.</summary>
internal static class Approved
{
    /// <summary>Fails, and writes what was received beside it, when the text differs from the approved file.</summary>
    public static void Matches(string name, string received, [CallerFilePath] string caller = "")
    {
        var folder = Path.Combine(Path.GetDirectoryName(caller)!, "..", "Approved");
        var approved = Path.Combine(folder, name);
        var text = File.Exists(approved) ? File.ReadAllText(approved).ReplaceLineEndings("\n") : null;
        if (text != received.ReplaceLineEndings("\n"))
        {
            var beside = Path.Combine(Path.GetTempPath(), $"received-{name}");
            File.WriteAllText(beside, received);
            Assert.Fail($"{name} differs from what was approved. Compare {beside} with {approved}, and copy it there if it is right.");
        }
    }
}
