using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace IncidentBot.Storage.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class Slack : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_timeline_entries_IncidentId_MessageId",
                table: "timeline_entries");

            migrationBuilder.AddColumn<long>(
                name: "LeftAt",
                table: "visitors",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "PinLog",
                table: "transcript",
                type: "TEXT",
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<bool>(
                name: "Announcing",
                table: "rooms",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<long>(
                name: "AnnouncingSince",
                table: "rooms",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "DeclaredChannel",
                table: "rooms",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "DeclaredThread",
                table: "rooms",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "DocumentId",
                table: "rooms",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "HasDocumentLink",
                table: "rooms",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<long>(
                name: "MakingSince",
                table: "rooms",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "PinnedCardId",
                table: "rooms",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "ShowingSince",
                table: "rooms",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Topic",
                table: "rooms",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "IsGone",
                table: "people",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<long>(
                name: "InvitedAt",
                table: "participants",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "BegunAt",
                table: "outbox",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Channel",
                table: "outbox",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Kind",
                table: "outbox",
                type: "TEXT",
                maxLength: 32,
                nullable: false,
                defaultValue: "card");

            migrationBuilder.AddColumn<string>(
                name: "Thread",
                table: "outbox",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "ChangedAt",
                table: "incidents",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<int>(
                name: "Attempts",
                table: "files",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<long>(
                name: "NotBefore",
                table: "files",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Platform",
                table: "files",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Source",
                table: "files",
                type: "TEXT",
                nullable: true);

            // What was pinned stays pinned.
            migrationBuilder.Sql(
                """
                UPDATE transcript SET "PinLog" = char(9) || "Pinned" || char(9) || ("PinChangedAt") || char(9) || COALESCE("PinnedById", 0) || char(9) || COALESCE("PinnedByName", '') || char(10)
                WHERE "PinChangedAt" IS NOT NULL
                """);
            migrationBuilder.Sql("""UPDATE rooms SET "Announcing" = 1 WHERE "AnnouncementId" IS NOT NULL""");

            // By itself, since the generated way rebuilds the table outside the transaction.
            migrationBuilder.Sql("ALTER TABLE transcript DROP COLUMN \"PinChangedAt\"");

            migrationBuilder.CreateTable(
                name: "slack_installations",
                columns: table => new
                {
                    Id = table.Column<string>(type: "TEXT", nullable: false),
                    EnterpriseId = table.Column<string>(type: "TEXT", nullable: true),
                    Name = table.Column<string>(type: "TEXT", nullable: false),
                    IsOrganisation = table.Column<bool>(type: "INTEGER", nullable: false),
                    BotUserId = table.Column<string>(type: "TEXT", nullable: false),
                    BotId = table.Column<string>(type: "TEXT", nullable: true),
                    Url = table.Column<string>(type: "TEXT", nullable: true),
                    AppId = table.Column<string>(type: "TEXT", nullable: false),
                    Scopes = table.Column<string>(type: "TEXT", nullable: false),
                    InstalledAt = table.Column<long>(type: "INTEGER", nullable: false),
                    ExpiresAt = table.Column<long>(type: "INTEGER", nullable: true),
                    RevokedAt = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_slack_installations", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "slack_oauth_states",
                columns: table => new
                {
                    Hash = table.Column<string>(type: "TEXT", nullable: false),
                    ExpiresAt = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_slack_oauth_states", x => x.Hash);
                });

            migrationBuilder.CreateTable(
                name: "slack_watch",
                columns: table => new
                {
                    Id = table.Column<string>(type: "TEXT", nullable: false),
                    HeardUntil = table.Column<long>(type: "INTEGER", nullable: false),
                    ResumedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    IsGuess = table.Column<bool>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_slack_watch", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "slack_workspaces",
                columns: table => new
                {
                    Id = table.Column<string>(type: "TEXT", nullable: false),
                    EnterpriseId = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_slack_workspaces", x => x.Id);
                });

            migrationBuilder.CreateIndex(
                name: "IX_timeline_entries_MessageId",
                table: "timeline_entries",
                column: "MessageId");

            migrationBuilder.CreateIndex(
                name: "IX_rooms_AnnouncementId",
                table: "rooms",
                column: "AnnouncementId");

            migrationBuilder.CreateIndex(
                name: "IX_rooms_Channel",
                table: "rooms",
                column: "Channel");

            migrationBuilder.CreateIndex(
                name: "IX_rooms_DeclaredThread",
                table: "rooms",
                column: "DeclaredThread");

            migrationBuilder.CreateIndex(
                name: "IX_rooms_HomeThread",
                table: "rooms",
                column: "HomeThread");

            migrationBuilder.CreateIndex(
                name: "IX_rooms_NotBefore",
                table: "rooms",
                column: "NotBefore");

            migrationBuilder.CreateIndex(
                name: "IX_incidents_ChangedAt",
                table: "incidents",
                column: "ChangedAt");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "slack_installations");

            migrationBuilder.DropTable(
                name: "slack_oauth_states");

            migrationBuilder.DropTable(
                name: "slack_watch");

            migrationBuilder.DropTable(
                name: "slack_workspaces");

            migrationBuilder.DropIndex(
                name: "IX_timeline_entries_MessageId",
                table: "timeline_entries");

            migrationBuilder.DropIndex(
                name: "IX_rooms_AnnouncementId",
                table: "rooms");

            migrationBuilder.DropIndex(
                name: "IX_rooms_Channel",
                table: "rooms");

            migrationBuilder.DropIndex(
                name: "IX_rooms_DeclaredThread",
                table: "rooms");

            migrationBuilder.DropIndex(
                name: "IX_rooms_HomeThread",
                table: "rooms");

            migrationBuilder.DropIndex(
                name: "IX_rooms_NotBefore",
                table: "rooms");

            migrationBuilder.DropIndex(
                name: "IX_incidents_ChangedAt",
                table: "incidents");

            migrationBuilder.DropColumn(
                name: "LeftAt",
                table: "visitors");

            migrationBuilder.DropColumn(
                name: "PinLog",
                table: "transcript");

            migrationBuilder.DropColumn(
                name: "Announcing",
                table: "rooms");

            migrationBuilder.DropColumn(
                name: "AnnouncingSince",
                table: "rooms");

            migrationBuilder.DropColumn(
                name: "DeclaredChannel",
                table: "rooms");

            migrationBuilder.DropColumn(
                name: "DeclaredThread",
                table: "rooms");

            migrationBuilder.DropColumn(
                name: "DocumentId",
                table: "rooms");

            migrationBuilder.DropColumn(
                name: "HasDocumentLink",
                table: "rooms");

            migrationBuilder.DropColumn(
                name: "MakingSince",
                table: "rooms");

            migrationBuilder.DropColumn(
                name: "PinnedCardId",
                table: "rooms");

            migrationBuilder.DropColumn(
                name: "ShowingSince",
                table: "rooms");

            migrationBuilder.DropColumn(
                name: "Topic",
                table: "rooms");

            migrationBuilder.DropColumn(
                name: "IsGone",
                table: "people");

            migrationBuilder.DropColumn(
                name: "InvitedAt",
                table: "participants");

            migrationBuilder.DropColumn(
                name: "BegunAt",
                table: "outbox");

            migrationBuilder.DropColumn(
                name: "Channel",
                table: "outbox");

            migrationBuilder.DropColumn(
                name: "Kind",
                table: "outbox");

            migrationBuilder.DropColumn(
                name: "Thread",
                table: "outbox");

            migrationBuilder.DropColumn(
                name: "ChangedAt",
                table: "incidents");

            migrationBuilder.DropColumn(
                name: "Attempts",
                table: "files");

            migrationBuilder.DropColumn(
                name: "NotBefore",
                table: "files");

            migrationBuilder.DropColumn(
                name: "Platform",
                table: "files");

            migrationBuilder.DropColumn(
                name: "Source",
                table: "files");

            migrationBuilder.AddColumn<long>(
                name: "PinChangedAt",
                table: "transcript",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.CreateIndex(
                name: "IX_timeline_entries_IncidentId_MessageId",
                table: "timeline_entries",
                columns: new[] { "IncidentId", "MessageId" });
        }
    }
}
