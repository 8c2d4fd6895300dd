using IncidentBot.Core.Chat;
using IncidentBot.Core.Delivery;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.Storage;

namespace IncidentBot.Core.Reports;

/// <summary>Posts the post-mortem as it stands to the incident's room.</summary>
public sealed class PostReport(BotDb db, FindIncident find, BuildPostMortem build, ReportWriter writer, Installation installation) : IHandle<CommandInvoked>, IHandle<ButtonPressed>
{
    public const string Key = "reports.post";

    public async Task<Answer> HandleAsync(CommandInvoked e, Turn turn, CancellationToken stop)
    {
        var format = e.Text.Plain.Trim().ToLowerInvariant();
        if (format is not ("" or ReportWriter.Format))
        {
            return new UnknownFormat(format);
        }

        var found = await find.ForAsync(e, turn, stop);
        if (e.In is null && found.Answer is RefusedAnswer { Refusal: NothingOpen })
        {
            found = await find.LastClosedHereAsync(turn, stop) ?? found;
        }

        return found.Missed(out var incident) ? found.Answer : await PostAsync(incident, stop);
    }

    public async Task<Answer> HandleAsync(ButtonPressed e, Turn turn, CancellationToken stop)
    {
        var found = await find.ByIdAsync(e.Value, turn.By, stop);
        return found.Missed(out var incident) ? found.Answer : await PostAsync(incident, stop);
    }

    private async Task<Answer> PostAsync(Incident incident, CancellationToken stop)
    {
        var post = await build.ForAsync(incident, stop);
        var card = ReportWording.Posted(post, DocumentAddress.Shared(installation, incident) is { } address ? address + ".html" : null);
        if (!incident.Imported)
        {
            db.Outbox.Add(OutboxRow.OfDocument(incident, new($"Post-mortem {incident.Code}", $"{incident.Code.ToLowerInvariant()}-post-mortem.md", writer.Markdown(post))));
            db.Outbox.Add(OutboxRow.ToRoom(incident, card));
        }

        return Answer.Private(card);
    }
}

/// <summary>Links, privately, to the documents of an incident.</summary>
public sealed class LinkDocuments(FindIncident find, Installation installation) : IHandle<CommandInvoked>
{
    public async Task<Answer> HandleAsync(CommandInvoked e, Turn turn, CancellationToken stop)
    {
        var named = e.Text.IsBlank ? e : e with { In = CommandReader.NormaliseCode(e.Text.Plain) };
        var found = await find.ForAsync(named, turn, stop);
        return found.Missed(out var incident) ? found.Answer : Answer.Private(ReportWording.Links(incident, DocumentAddress.Of(installation, incident)));
    }
}

/// <summary>Where a person reads a document.</summary>
public static class DocumentAddress
{
    /// <summary>The address without its ending.</summary>
    public static string Of(Installation installation, Incident incident) => $"{installation.PublicUrl}/documents/{incident.Code}/{ReportWriter.Format}";

    /// <summary>The same for everybody in a chat; null where the address is that of the bot's own machine, and leads the others nowhere.</summary>
    public static string? Shared(Installation installation, Incident incident) =>
        incident.Workspace != Installation.Local && Uri.TryCreate(installation.PublicUrl, UriKind.Absolute, out var address) && address.IsLoopback ? null : Of(installation, incident);
}

/// <summary>No such format.</summary>
public sealed record UnknownFormat(string Word) : Refusal
{
    public override string Sentence => $"I know no format `{RichText.Briefly(Word, 30)}`. There is `report`: `/incident report`.";
}
