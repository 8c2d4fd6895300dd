namespace IncidentBot.Core.Incidents;

/// <summary>What an incident did to users and to the business, in the words of those who measured it.</summary>
public sealed class Impact
{
    public string? UsersAffected { get; set; }

    public string? RequestsAffected { get; set; }

    public string? Revenue { get; set; }

    public string? Sla { get; set; }

    public string? SupportTickets { get; set; }

    public string? Escalations { get; set; }

    public string? EngineeringTime { get; set; }

    public string? DataLoss { get; set; }

    public string? Reputation { get; set; }

    public string? UserExperience { get; set; }

    public string? Downstream { get; set; }

    /// <summary>Every field with the key that forms, files and the API use, and the label that people read.</summary>
    public static IReadOnlyList<ImpactField> Fields { get; } =
    [
        new("usersAffected", "Users affected", i => i.UsersAffected, (i, v) => i.UsersAffected = v),
        new("requestsAffected", "Requests affected", i => i.RequestsAffected, (i, v) => i.RequestsAffected = v),
        new("revenue", "Revenue impact", i => i.Revenue, (i, v) => i.Revenue = v),
        new("sla", "SLA impact", i => i.Sla, (i, v) => i.Sla = v),
        new("supportTickets", "Support tickets", i => i.SupportTickets, (i, v) => i.SupportTickets = v),
        new("escalations", "Customer escalations", i => i.Escalations, (i, v) => i.Escalations = v),
        new("engineeringTime", "Engineering time", i => i.EngineeringTime, (i, v) => i.EngineeringTime = v),
        new("dataLoss", "Data loss", i => i.DataLoss, (i, v) => i.DataLoss = v),
        new("reputation", "Reputation impact", i => i.Reputation, (i, v) => i.Reputation = v),
        new("userExperience", "What users saw", i => i.UserExperience, (i, v) => i.UserExperience = v),
        new("downstream", "Downstream systems", i => i.Downstream, (i, v) => i.Downstream = v),
    ];

    /// <summary>Takes over what is not known here yet, and sets beside it what is.</summary>
    public void FillFrom(Impact other)
    {
        foreach (var field in Fields)
        {
            if (field.Get(other) is { } theirs && field.Get(this) != theirs)
            {
                field.Set(this, field.Get(this) is { } ours ? $"{ours}; {theirs}" : theirs);
            }
        }
    }

    public bool IsEmpty => Fields.All(f => f.Get(this) is null);
}

/// <summary>One field of the impact.</summary>
public sealed record ImpactField(string Key, string Label, Func<Impact, string?> Get, Action<Impact, string?> Set);
