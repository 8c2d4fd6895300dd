namespace IncidentBot;

/// <summary>The bot cannot start as it is set; the message names the key and what to do.</summary>
public sealed class SettingsFault : Exception
{
    public SettingsFault()
    {
    }

    public SettingsFault(string message)
        : base(message)
    {
    }

    public SettingsFault(string message, Exception inner)
        : base(message, inner)
    {
    }
}
