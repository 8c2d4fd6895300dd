using System.Collections.Immutable;
using IncidentBot.Core.Chat;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace IncidentBot.Core.Catalogue;

/// <summary>Shows what is known of a service, and keeps what somebody writes down of it.</summary>
public sealed class KeepCatalogue(BotDb db, ServiceCatalogue catalogue) : IHandle<CommandInvoked>, IHandle<FormSubmitted>
{
    public const string FormKey = "catalogue.service";
    public const string Name = "name";
    public const string Owners = "owners";
    private const int LongestName = 80;

    public async Task<Answer> HandleAsync(CommandInvoked e, Turn turn, CancellationToken stop)
    {
        var name = e.Text.Plain.Trim();
        if (name.Length == 0)
        {
            return Answer.Private(CatalogueWording.List(await catalogue.AllAsync(turn.By.Workspace, stop)));
        }

        return name.Length > LongestName ? new NameTooLong(LongestName)
            : new OpenFormAnswer(Form(await catalogue.FindAsync(turn.By.Workspace, name, stop) ?? new ServiceEntry { Workspace = turn.By.Workspace, Name = name }));
    }

    public async Task<Answer> HandleAsync(FormSubmitted e, Turn turn, CancellationToken stop)
    {
        var shown = ShownValues.Read(e.Context);
        if (e.Value(Name) is not { Length: <= LongestName } name)
        {
            return new FieldErrorsAnswer(ImmutableDictionary<string, string>.Empty.Add(Name, CatalogueWording.NameMissing));
        }

        var old = await catalogue.FindAsync(turn.By.Workspace, Uri.UnescapeDataString(shown.Id), stop);
        if (!name.Equals(old?.Name, StringComparison.OrdinalIgnoreCase) && await db.Services.AnyAsync(s => s.Workspace == turn.By.Workspace && s.Name == name, stop))
        {
            return new FieldErrorsAnswer(ImmutableDictionary<string, string>.Empty.Add(Name, CatalogueWording.NameTaken));
        }

        // What only stands in the file is taken over with the first change.
        var service = old is null ? db.Services.Add(new ServiceEntry { Workspace = turn.By.Workspace, Name = name }).Entity : old.Id == 0 ? db.Services.Add(old).Entity : old;
        service.Name = shown.Changed(e, Name) ? name : service.Name;
        foreach (var field in ServiceEntry.Fields.Where(f => shown.Changed(e, f.Key)))
        {
            field.Set(service, e.Value(field.Key));
        }

        if (shown.Changed(e, Owners))
        {
            service.Owners = [.. ServiceNames.Read(e.Value(Owners), asLines: false).Select(o => o.TrimStart('@'))];
        }

        return Answer.Private(CatalogueWording.Kept(service));
    }

    private static Form Form(ServiceEntry service)
    {
        ImmutableArray<FormField> fields =
        [
            new(Name, "Name", Value: service.Name, Required: true),
            .. ServiceEntry.Fields.Select(f => new FormField(f.Key, f.Label, f.Key is "purpose" or "architecture" ? FieldKind.Paragraph : FieldKind.Line, f.Get(service), Hint: f.Hint)),
            new(Owners, "Owners", Value: string.Join(", ", service.Owners), Hint: "People as the chat names them, separated by commas; they are asked in reviews."),
        ];
        return new(FormKey, "Service", "Save", fields, ShownValues.Context(Uri.EscapeDataString(service.Name), fields));
    }
}

/// <summary>A name that no list could show.</summary>
public sealed record NameTooLong(int Most) : Refusal
{
    public override string Sentence => $"A service's name has {Most} characters at most. For example `/incident service payments`.";
}

/// <summary>Words around the catalogue.</summary>
internal static class CatalogueWording
{
    public const string NameMissing = "Give it the name that people use for it, 80 characters at most.";
    public const string NameTaken = "There is another service of that name already.";

    public static Card List(IReadOnlyList<ServiceEntry> services) => services.Count == 0
        ? Card.Words("No services yet", "/incident service payments opens the form for one. An administrator can also list them in services.yaml in the data directory.")
        : new()
        {
            Title = "Services",
            Parts = [new RowsPart([.. services.Select(s => new Fact(s.Name, string.Join(" · ", new[] { s.Purpose is null ? null : RichText.Briefly(s.Purpose, 120), s.Owners.Count == 0 ? "no owner" : $"owned by {string.Join(", ", s.Owners)}" }.OfType<string>())))])],
        };

    public static Card Kept(ServiceEntry service) => new()
    {
        Title = $"{service.Name} is in the catalogue",
        Tone = Tone.Good,
        Parts =
        [
            new FactsPart([.. ServiceEntry.Fields.Where(f => f.Get(service) is not null).Select(f => new Fact(f.Label, f.Get(service))), new("Owners", service.Owners.Count == 0 ? "nobody yet" : string.Join(", ", service.Owners))]),
            new TextPart("Its owners are asked in reviews of incidents that name it.", Quiet: true),
        ],
    };
}
