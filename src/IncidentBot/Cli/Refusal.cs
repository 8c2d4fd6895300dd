using IncidentBot.Core.Replay;

namespace IncidentBot.Cli;

/// <summary>How the executable says no: one clear line on standard error, and an exit code.</summary>
internal static class Refusal
{
    public static int Failed(string line)
    {
        Console.Error.WriteLine(line);
        return 1;
    }

    public static int Usage(string line)
    {
        Console.Error.WriteLine(line);
        return 2;
    }

    /// <summary>Runs a verb; an expected refusal becomes its line, anything else a line with what kind of fault it was.</summary>
    public static async Task<int> GuardAsync(Func<Task> verb)
    {
        try
        {
            await verb();
            return 0;
        }
        catch (Exception fault) when (fault is SettingsFault or IncidentFileFault)
        {
            return Failed(fault.Message);
        }
        catch (OperationCanceledException)
        {
            return Failed("Stopped.");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or System.Data.Common.DbException or Core.Chat.StoreUnavailable)
        {
            return Failed($"{fault.GetType().Name}: {fault.GetBaseException().Message}");
        }
        catch (Exception fault)
        {
            // Nobody expected this one: the line names where it came from, for whoever is told of it.
            return Failed($"Something went wrong that should not have ({fault.GetType().Name} in {fault.TargetSite?.DeclaringType?.Name}): {fault.GetBaseException().Message}");
        }
    }
}
