using System.Reflection;
using System.Text.Json;
using IncidentBot.Core.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace IncidentBot.Storage.Transfer;

/// <summary>Rows of the model as JSON that belongs to no database: words for enums, ISO 8601 for times, base64 for bytes.</summary>
internal static class RowFormat
{
    /// <summary>Every table but the key ring, those that others refer to first.</summary>
    public static IReadOnlyList<IEntityType> Tables(BotDb db)
    {
        var left = db.Model.GetEntityTypes().Where(e => !e.IsOwned() && e.ClrType != typeof(StoredKey)).OrderBy(e => e.GetTableName(), StringComparer.Ordinal).ToList();
        var ordered = new List<IEntityType>();
        while (left.Count > 0)
        {
            var free = left.First(e => e.GetForeignKeys().All(f => f.PrincipalEntityType == e || !left.Contains(f.PrincipalEntityType)));
            ordered.Add(free);
            left.Remove(free);
        }

        return ordered;
    }

    /// <summary>The key by which rows refer to others of their own table, if they do.</summary>
    public static IForeignKey? OwnParent(IEntityType type) => type.GetForeignKeys().FirstOrDefault(f => f.PrincipalEntityType == type);

    public static void Write(Utf8JsonWriter json, IEntityType type, object row)
    {
        json.WriteStartObject();
        foreach (var property in Stored(type))
        {
            json.WritePropertyName(property.Name);
            WriteValue(json, property, property.GetGetter().GetClrValue(row));
        }

        foreach (var owned in Owned(type))
        {
            json.WritePropertyName(owned.Name);
            Write(json, owned.TargetEntityType, owned.GetGetter().GetClrValue(row)!);
        }

        json.WriteEndObject();
    }

    /// <summary>Adds a row to the context as it was written.</summary>
    public static void Add(BotDb db, IEntityType type, JsonElement json)
    {
        var row = Activator.CreateInstance(type.ClrType, nonPublic: true)!;
        Fill(row, type, json);
        db.Add(row);
    }

    private static void Fill(object row, IEntityType type, JsonElement json)
    {
        foreach (var property in Stored(type))
        {
            var value = Read(property, json);
            if (property.GetMemberInfo(forMaterialization: true, forSet: true) is FieldInfo field)
            {
                field.SetValue(row, value);
            }
            else
            {
                property.PropertyInfo!.SetValue(row, value);
            }
        }

        foreach (var owned in Owned(type))
        {
            Fill(owned.GetGetter().GetClrValue(row)!, owned.TargetEntityType, json.GetProperty(owned.Name));
        }
    }

    private static IEnumerable<IProperty> Stored(IEntityType type) => type.GetProperties().Where(p => !p.IsShadowProperty());

    private static IEnumerable<INavigation> Owned(IEntityType type) => type.GetNavigations().Where(n => n.TargetEntityType.IsOwned());

    private static void WriteValue(Utf8JsonWriter json, IProperty property, object? value)
    {
        if (IsWord(property))
        {
            json.WriteStringValue(value is null ? null : (string?)property.GetTypeMapping().Converter!.ConvertToProvider(value));
        }
        else
        {
            JsonSerializer.Serialize(json, value, property.ClrType);
        }
    }

    private static object? Read(IProperty property, JsonElement row)
    {
        if (!row.TryGetProperty(property.Name, out var json))
        {
            return property.IsNullable ? null : throw new FormatException($"{property.DeclaringType.DisplayName()} has no {property.Name}");
        }

        return json.ValueKind == JsonValueKind.Null ? null
            : IsWord(property) ? property.GetTypeMapping().Converter!.ConvertFromProvider(json.GetString())
            : json.Deserialize(property.ClrType);
    }

    // Enums and rich text stand in every database as the same text.
    private static bool IsWord(IProperty property)
    {
        var type = Nullable.GetUnderlyingType(property.ClrType) ?? property.ClrType;
        return type.IsEnum || type == typeof(Core.Chat.RichText);
    }
}
