using IncidentBot.Core.ActionItems;
using IncidentBot.Core.ActionItems.Chasing;
using IncidentBot.Core.ActionItems.Policy;
using IncidentBot.Core.People;
using Microsoft.EntityFrameworkCore;

namespace IncidentBot.Core.Storage;

/// <summary>Tables, keys and indexes of what follows action items up; the keys are what keeps anything from being said twice.</summary>
internal static class FollowUpModel
{
    public static void Build(ModelBuilder model)
    {
        model.Entity<ActionChange>(e =>
        {
            e.ToTable("action_changes");
            e.HasIndex(c => c.ItemId);
        });
        model.Entity<Digest>(e =>
        {
            e.ToTable("digests");
            e.Property(d => d.Id).ValueGeneratedNever();
            e.HasIndex(d => new { d.PersonId, d.Kind, d.Period }).IsUnique();
            e.HasIndex(d => d.At);
            e.HasOne<Person>().WithMany().HasForeignKey(d => d.PersonId);
        });
        model.Entity<Recall>(e =>
        {
            e.ToTable("recalls");
            e.HasKey(r => new { r.ItemId, r.Kind, r.For });
            e.HasOne<ActionItem>().WithMany().HasForeignKey(r => r.ItemId);
        });
        model.Entity<Overview>(e =>
        {
            e.ToTable("overviews");
            e.HasKey(o => new { o.Platform, o.Workspace, o.Kind, o.Period });
        });
        model.Entity<FollowUpRule>(e =>
        {
            e.ToTable("follow_up_rules");
            e.HasIndex(r => r.Workspace);
            e.Ignore(r => r.Narrowness);
            e.Ignore(r => r.Scope);
        });
    }
}
