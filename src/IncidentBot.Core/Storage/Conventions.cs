using IncidentBot.Core.Chat;
using IncidentBot.Core.Incidents;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace IncidentBot.Core.Storage;

/// <summary>How the model's own types stand in the database, the same on every provider.</summary>
internal static class Conventions
{
    public static void Apply(ModelBuilder model)
    {
        foreach (var entity in model.Model.GetEntityTypes())
        {
            foreach (var property in entity.GetProperties())
            {
                var type = Nullable.GetUnderlyingType(property.ClrType) ?? property.ClrType;
                if (type.IsEnum)
                {
                    property.SetValueConverter((ValueConverter)Activator.CreateInstance(typeof(WordConverter<>).MakeGenericType(type))!);
                    property.SetMaxLength(32);
                }

                if (property.Name == nameof(IVersioned.Version) && typeof(IVersioned).IsAssignableFrom(entity.ClrType))
                {
                    property.IsConcurrencyToken = true;
                }
            }
        }
    }

    /// <summary>Stores rich text as its spans in JSON.</summary>
    internal sealed class RichTextConverter() : ValueConverter<RichText, string>(t => t.ToJson(), j => RichText.FromJson(j));

    /// <summary>Compares rich text by its spans; it never changes in place.</summary>
    internal sealed class RichTextComparer() : ValueComparer<RichText>((a, b) => a == null ? b == null : a.Equals(b), t => t.GetHashCode(), t => t);

    /// <summary>Stores an enum by its word.</summary>
    internal sealed class WordConverter<T>()
        : ValueConverter<T, string>(v => v.Word(), w => Read(w))
        where T : struct, Enum
    {
        private static T Read(string word) =>
            Words.TryRead<T>(word, out var value) ? value : throw new FormatException($"'{word}' is no {typeof(T).Name}.");
    }
}
