using IncidentBot.Core.ActionItems;
using IncidentBot.Core.Delivery;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.People;
using IncidentBot.Core.Timeline;
using Microsoft.EntityFrameworkCore;

namespace IncidentBot.Core.Storage;

/// <summary>Tables, keys and indexes.</summary>
internal static class BotModel
{
    public static void Build(ModelBuilder model)
    {
        Incidents(model);
        Timeline(model);
        ReviewModel.Build(model);
        Delivery(model);
    }

    private static void Incidents(ModelBuilder model)
    {
        model.Entity<Incident>(e =>
        {
            e.ToTable("incidents");
            e.Property(i => i.Id).ValueGeneratedNever();
            e.HasIndex(i => new { i.Workspace, i.Year, i.Number }).IsUnique();
            e.HasIndex(i => i.ChangedAt);
            e.OwnsOne(i => i.Impact);
            e.Ignore(i => i.Code);
            e.Ignore(i => i.IsOpen);
            e.HasMany(i => i.Entries).WithOne().HasForeignKey(x => x.IncidentId);
            e.HasOne<Incident>().WithMany().HasForeignKey(i => i.MergedIntoId);
        });
        model.Entity<Visitor>(e =>
        {
            e.ToTable("visitors");
            e.HasKey(v => new { v.IncidentId, v.PersonId });
            e.HasOne<Incident>().WithMany().HasForeignKey(v => v.IncidentId);
        });
        model.Entity<IncidentCounter>(e =>
        {
            e.ToTable("incident_counters");
            e.HasKey(c => new { c.Workspace, c.Year });
        });
        model.Entity<RoleAssignment>(e =>
        {
            e.ToTable("role_assignments");
            e.HasIndex(r => r.IncidentId);
            e.HasOne<Incident>().WithMany().HasForeignKey(r => r.IncidentId);
        });
        model.Entity<Participant>(e =>
        {
            e.ToTable("participants");
            e.HasKey(p => new { p.IncidentId, p.PersonId });
            e.HasOne<Incident>().WithMany().HasForeignKey(p => p.IncidentId);
        });
        model.Entity<Person>(e =>
        {
            e.ToTable("people");
            e.Property(p => p.Id).ValueGeneratedNever();
            e.Ignore(p => p.Ref);
            e.Ignore(p => p.Zone);
            e.HasIndex(p => new { p.Platform, p.Workspace, p.UserId }).IsUnique();
        });
        model.Entity<Room>(e =>
        {
            e.ToTable("rooms");
            e.HasKey(r => r.IncidentId);
            e.Property(r => r.IncidentId).ValueGeneratedNever();
            e.Ignore(r => r.Here);
            e.Ignore(r => r.Home);
            e.HasIndex(r => new { r.Platform, r.Workspace, r.Channel });
            e.HasIndex(r => r.Channel);
            e.HasIndex(r => r.NotBefore);
            e.HasIndex(r => r.AnnouncementId);
            e.HasIndex(r => r.HomeThread);
            e.HasIndex(r => r.DeclaredThread);
            e.HasOne<Incident>().WithMany().HasForeignKey(r => r.IncidentId);
        });
        model.Entity<Finding>(e =>
        {
            e.ToTable("findings");
            e.Property(f => f.Id).ValueGeneratedNever();
            e.Ignore(f => f.HasEvidence);
            e.HasIndex(f => f.IncidentId);
            e.HasOne<Incident>().WithMany().HasForeignKey(f => f.IncidentId);
            e.HasOne(f => f.Parent).WithMany().HasForeignKey(f => f.ParentId);
        });
        model.Entity<Note>(e =>
        {
            e.ToTable("notes");
            e.HasIndex(n => n.IncidentId);
            e.HasOne<Incident>().WithMany().HasForeignKey(n => n.IncidentId);
        });
        model.Entity<ActionItem>(e =>
        {
            e.ToTable("action_items");
            e.HasIndex(a => new { a.IncidentId, a.Number }).IsUnique();
            e.Ignore(a => a.Code);
            e.Ignore(a => a.IsOpen);
            e.Ignore(a => a.FullCode);
            e.HasIndex(a => a.OwnerId);
            e.HasIndex(a => a.AnswerId);
            e.HasOne(a => a.Incident).WithMany().HasForeignKey(a => a.IncidentId);
            e.HasMany(a => a.Changes).WithOne().HasForeignKey(c => c.ItemId);
        });
        FollowUpModel.Build(model);
    }

    private static void Timeline(ModelBuilder model)
    {
        model.Entity<TimelineEntry>(e =>
        {
            e.ToTable("timeline_entries");
            e.HasIndex(x => new { x.IncidentId, x.Seq }).IsUnique();
            e.HasIndex(x => x.MessageId);
            e.HasMany(x => x.Revisions).WithOne().HasForeignKey(r => r.EntryId);
            e.HasMany(x => x.Evidence).WithOne().HasForeignKey(v => v.EntryId);
        });
        model.Entity<EntryRevision>().ToTable("entry_revisions");
        model.Entity<Evidence>().ToTable("evidence");
        model.Entity<StoredFile>(e =>
        {
            e.ToTable("files");
            e.HasIndex(f => f.IncidentId);
            e.HasIndex(f => f.At);
        });
        model.Entity<FileContent>(e =>
        {
            e.ToTable("file_contents");
            e.HasKey(c => c.FileId);
            e.HasOne<StoredFile>().WithOne().HasForeignKey<FileContent>(c => c.FileId);
        });
        model.Entity<TranscriptMessage>(e =>
        {
            e.ToTable("transcript");
            e.HasIndex(m => new { m.Platform, m.Workspace, m.Channel, m.MessageId }).IsUnique();
            e.HasIndex(m => new { m.IncidentId, m.PostedAt });
            e.Ignore(m => m.Pins);
            e.HasOne<Incident>().WithMany().HasForeignKey(m => m.IncidentId);
        });
    }

    private static void Delivery(ModelBuilder model)
    {
        model.Entity<InboxRow>(e =>
        {
            e.ToTable("inbox");
            e.HasIndex(r => new { r.Platform, r.Workspace, r.DeliveryId }).IsUnique();
            e.HasIndex(r => new { r.State, r.Id });
        });
        model.Entity<OutboxRow>(e =>
        {
            e.ToTable("outbox");
            e.HasIndex(r => new { r.State, r.Id });
            // The head of each lane is looked for at every pass, also with thousands waiting.
            e.HasIndex(r => new { r.Lane, r.State, r.Id });
            e.HasIndex(r => r.IncidentId);
        });
        model.Entity<Alarm>(e =>
        {
            e.ToTable("alarms");
            e.HasIndex(a => new { a.IncidentId, a.Key }).IsUnique();
            e.HasIndex(a => a.DueAt);
        });
        model.Entity<HandledGesture>(e =>
        {
            e.ToTable("handled_gestures");
            e.HasKey(g => new { g.Platform, g.Workspace, g.GestureId });
            e.HasIndex(g => g.At);
        });
        model.Entity<HeldCommand>().ToTable("held_commands");
        model.Entity<JobRun>(e =>
        {
            e.ToTable("job_runs");
            e.HasKey(j => j.Name);
        });
        model.Entity<WebLink>(e =>
        {
            e.ToTable("web_links");
            e.HasKey(l => l.TokenHash);
        });
        model.Entity<WebSession>(e =>
        {
            e.ToTable("web_sessions");
            e.HasOne<Person>().WithMany().HasForeignKey(s => s.PersonId);
        });
        model.Entity<StoredSecret>(e =>
        {
            e.ToTable("secrets");
            e.HasKey(s => s.Name);
        });
        model.Entity<StoredKey>(e =>
        {
            e.ToTable("keys");
            e.HasKey(k => k.Name);
        });
    }
}
