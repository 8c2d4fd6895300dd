using System.Reflection;

namespace IncidentBot.Core;

/// <summary>Files that are built into the assembly.</summary>
internal static class Resources
{
    /// <param name="name">Folder and file, separated by dots, below this namespace.</param>
    public static string Text(string name)
    {
        var full = $"{typeof(Resources).Namespace}.{name}";
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(full)
            ?? throw new InvalidOperationException($"{full} is not built in.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
