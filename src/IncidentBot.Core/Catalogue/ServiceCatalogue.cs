using IncidentBot.Core.Incidents;
using IncidentBot.Core.People;
using IncidentBot.Core.Storage;
using Microsoft.EntityFrameworkCore;
using YamlDotNet.Core;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace IncidentBot.Core.Catalogue;

/// <summary>What is known of services: what people wrote down in the chat, and else the administrator's file.</summary>
public sealed class ServiceCatalogue(BotDb db, PeopleDirectory people, Installation installation)
{
    /// <summary>A service by its name, whatever its case; null when nothing is known of it.</summary>
    public async Task<ServiceEntry?> FindAsync(string workspace, string name, CancellationToken stop)
    {
        var wanted = name.Trim();
        var lower = wanted.ToLowerInvariant();
#pragma warning disable CA1862 // A comparison in the database has no culture and no StringComparison.
        return await db.Services.FirstOrDefaultAsync(s => s.Workspace == workspace && s.Name.ToLower() == lower, stop)
#pragma warning restore CA1862
            ?? InFile(workspace).FirstOrDefault(s => s.Name.Equals(wanted, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>All services, by name.</summary>
    public async Task<IReadOnlyList<ServiceEntry>> AllAsync(string workspace, CancellationToken stop)
    {
        var known = await db.Services.Where(s => s.Workspace == workspace).ToListAsync(stop);
        return [.. known.Concat(InFile(workspace).Where(f => !known.Exists(k => k.Name.Equals(f.Name, StringComparison.OrdinalIgnoreCase)))).OrderBy(s => s.Name, StringComparer.OrdinalIgnoreCase)];
    }

    /// <summary>The owners of an incident's services as they are written down, each with the people who are meant; none where nobody here is known by that name.</summary>
    public async Task<IReadOnlyList<(string Owner, string Service, IReadOnlyList<Person> People)>> OwnersAsync(Incident incident, CancellationToken stop)
    {
        var owners = new List<(string, string, IReadOnlyList<Person>)>();
        foreach (var name in incident.Services)
        {
            if (await FindAsync(incident.Workspace, name, stop) is not { Owners.Count: > 0 } service)
            {
                continue;
            }

            foreach (var owner in service.Owners)
            {
                var meant = await db.People.Where(p => p.Workspace == incident.Workspace && p.Platform == incident.Platform && (p.UserId == owner || p.Name == owner)).ToListAsync(stop);
                meant.AddRange(meant.Count == 0 && await people.FindKnownAsync(new(incident.Platform, incident.Workspace, owner), stop) is { } met ? [met] : Array.Empty<Person>());
                owners.Add((owner, service.Name, meant));
            }
        }

        return owners;
    }

    /// <summary>What is wrong with the administrator's file; null when nothing is.</summary>
    public static string? Complaint(string file)
    {
        try
        {
            _ = Read(file);
            return null;
        }
        catch (YamlException fault)
        {
            return $"{file}, line {fault.Start.Line}: {(fault.InnerException ?? fault).Message} Each service wants `- name:`, and may have purpose, architecture, traffic, sla-targets, on-call-response and owners.";
        }
    }

    private IEnumerable<ServiceEntry> InFile(string workspace)
    {
        try
        {
            return Read(installation.ServicesFile).Where(s => s.Name.Length > 0).Select(s => new ServiceEntry
            {
                Workspace = workspace,
                Name = s.Name.Trim(),
                Purpose = s.Purpose,
                Architecture = s.Architecture,
                Traffic = s.Traffic,
                SlaTargets = s.SlaTargets,
                OnCallResponse = s.OnCallResponse,
                Owners = [.. s.Owners.Select(o => o.Trim().TrimStart('@')).Where(o => o.Length > 0)],
            }).ToList();
        }
        catch (Exception fault) when (fault is YamlException or IOException or UnauthorizedAccessException)
        {
            // It was checked at start; what somebody breaks since must not stop a review.
            return [];
        }
    }

    private static List<ServiceLine> Read(string file) => !File.Exists(file) ? []
        : new DeserializerBuilder().WithNamingConvention(HyphenatedNamingConvention.Instance).Build().Deserialize<List<ServiceLine>?>(File.ReadAllText(file)) ?? [];

    /// <summary>A service, as it is written in the file.</summary>
    private sealed class ServiceLine
    {
        public string Name { get; set; } = "";

        public string? Purpose { get; set; }

        public string? Architecture { get; set; }

        public string? Traffic { get; set; }

        public string? SlaTargets { get; set; }

        public string? OnCallResponse { get; set; }

        public List<string> Owners { get; set; } = [];
    }
}
