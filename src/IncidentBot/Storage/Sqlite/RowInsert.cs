using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage;

namespace IncidentBot.Storage.Sqlite;

/// <summary>Inserts rows of one type of the model with one prepared statement, as the model stores them.</summary>
internal sealed class RowInsert : IAsyncDisposable
{
    private readonly SqliteCommand _command;
    private readonly (IProperty Property, RelationalTypeMapping Mapping)[] _columns;

    /// <param name="database">A transaction is open on it.</param>
    public RowInsert(DatabaseFacade database, IEntityType type)
    {
        var table = StoreObjectIdentifier.Table(type.GetTableName()!, type.GetSchema());
        // What the database numbers itself is left to it.
        _columns = [.. type.GetProperties().Where(p => !(p.IsPrimaryKey() && p.ValueGenerated == ValueGenerated.OnAdd)).Select(p => (p, p.GetRelationalTypeMapping()))];
        _command = (SqliteCommand)database.GetDbConnection().CreateCommand();
        _command.Transaction = (SqliteTransaction)database.CurrentTransaction!.GetDbTransaction();
        _command.CommandText =
            $"INSERT INTO \"{type.GetTableName()}\" ({string.Join(", ", _columns.Select(c => $"\"{c.Property.GetColumnName(table)}\""))}) VALUES ({string.Join(", ", _columns.Select((_, i) => $"$p{i}"))})";
        for (var i = 0; i < _columns.Length; i++)
        {
            _command.Parameters.Add(new SqliteParameter { ParameterName = $"$p{i}" });
        }

        _command.Prepare();
    }

    public async Task AddAsync(object row, CancellationToken stop)
    {
        for (var i = 0; i < _columns.Length; i++)
        {
            var (property, mapping) = _columns[i];
            var value = property.GetGetter().GetClrValue(row);
            _command.Parameters[i].Value = (value is not null && mapping.Converter is { } converter ? converter.ConvertToProvider(value) : value) ?? DBNull.Value;
        }

        await _command.ExecuteNonQueryAsync(stop);
    }

    public ValueTask DisposeAsync() => _command.DisposeAsync();
}
