using IncidentBot.Core.Catalogue;
using IncidentBot.Core.Facilitation;
using IncidentBot.Core.Incidents;
using Microsoft.EntityFrameworkCore;

namespace IncidentBot.Core.Storage;

/// <summary>Tables, keys and indexes of reviews.</summary>
internal static class ReviewModel
{
    public static void Build(ModelBuilder model)
    {
        model.Entity<Review>(e =>
        {
            e.ToTable("reviews");
            e.HasKey(r => r.IncidentId);
            e.Property(r => r.IncidentId).ValueGeneratedNever();
            e.Ignore(r => r.IsRunning);
            e.Ignore(r => r.BegunInTime);
            e.Ignore(r => r.DocumentInTime);
            e.HasOne<Incident>().WithMany().HasForeignKey(r => r.IncidentId);
        });
        model.Entity<ReviewPhase>(e =>
        {
            e.ToTable("review_phases");
            e.HasKey(p => new { p.IncidentId, p.Key });
            e.HasOne<Incident>().WithMany().HasForeignKey(p => p.IncidentId);
        });
        model.Entity<Prompt>(e =>
        {
            e.ToTable("prompts");
            e.Property(p => p.Id).ValueGeneratedNever();
            e.HasIndex(p => new { p.IncidentId, p.Key, p.About }).IsUnique();
            e.HasIndex(p => p.MessageId);
            e.HasOne<Incident>().WithMany().HasForeignKey(p => p.IncidentId);
        });
        model.Entity<ReviewAnswer>(e =>
        {
            e.ToTable("review_answers");
            e.Property(a => a.Id).ValueGeneratedNever();
            e.HasIndex(a => a.IncidentId);
            e.HasIndex(a => a.MessageId);
            e.Ignore(a => a.IsAnonymous);
            e.HasOne<Prompt>().WithMany().HasForeignKey(a => a.PromptId);
        });
        model.Entity<Asked>(e =>
        {
            e.ToTable("review_asked");
            e.HasKey(a => new { a.IncidentId, a.PersonId });
            e.HasOne<Incident>().WithMany().HasForeignKey(a => a.IncidentId);
        });
        model.Entity<ParkedIdea>(e =>
        {
            e.ToTable("parked_ideas");
            e.Property(p => p.Id).ValueGeneratedNever();
            e.HasIndex(p => p.IncidentId);
            e.HasOne<Incident>().WithMany().HasForeignKey(p => p.IncidentId);
        });
        model.Entity<PollVote>(e =>
        {
            e.ToTable("poll_votes");
            e.HasKey(v => new { v.IncidentId, v.PersonId, v.Question });
            e.HasOne<Incident>().WithMany().HasForeignKey(v => v.IncidentId);
        });
        model.Entity<SilencedRule>(e =>
        {
            e.ToTable("silenced_rules");
            e.HasKey(r => new { r.Workspace, r.Rule });
        });
        model.Entity<ServiceEntry>(e =>
        {
            e.ToTable("services");
            e.HasIndex(s => new { s.Workspace, s.Name }).IsUnique();
        });
    }
}
