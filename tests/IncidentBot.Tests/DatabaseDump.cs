using IncidentBot.Fakes;
using Microsoft.Data.Sqlite;

namespace IncidentBot.Tests;

/// <summary>Looks through every column of every table, as someone with a copy of the file could.</summary>
internal static class DatabaseDump
{
    public static async Task<int> CountAsync(BotUnderTest bot, string words) => (await FoundAsync(bot, words)).Values.Sum();

    /// <summary>The tables that hold some words anywhere.</summary>
    public static async Task<IEnumerable<string>> TablesWithAsync(BotUnderTest bot, string words) => (await FoundAsync(bot, words)).Where(f => f.Value > 0).Select(f => f.Key).Order(StringComparer.Ordinal);

    private static Task<Dictionary<string, int>> FoundAsync(BotUnderTest bot, string words) => bot.InDatabaseAsync(async _ =>
    {
        await using var connection = new SqliteConnection($"Data Source={Path.Combine(bot.Database.DataDirectory, "incidentbot.db")}");
        await connection.OpenAsync();
        var tables = new List<string>();
        await using (var list = new SqliteCommand("SELECT name FROM sqlite_master WHERE type = 'table'", connection))
        await using (var reader = await list.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync())
            {
                tables.Add(reader.GetString(0));
            }
        }

        var found = new Dictionary<string, int>();
        foreach (var table in tables)
        {
            await using var rows = new SqliteCommand($"SELECT * FROM \"{table}\"", connection);
            await using var reader = await rows.ExecuteReaderAsync();
            while (await reader.ReadAsync())
            {
                found[table] = found.GetValueOrDefault(table) + Enumerable.Range(0, reader.FieldCount).Count(i => reader.GetValue(i).ToString()!.Contains(words, StringComparison.Ordinal));
            }
        }

        return found;
    });
}
