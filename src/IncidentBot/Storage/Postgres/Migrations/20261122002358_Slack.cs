using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace IncidentBot.Storage.Postgres.Migrations
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

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "LeftAt",
                table: "visitors",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "PinLog",
                table: "transcript",
                type: "text",
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<bool>(
                name: "Announcing",
                table: "rooms",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "AnnouncingSince",
                table: "rooms",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "DeclaredChannel",
                table: "rooms",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "DeclaredThread",
                table: "rooms",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "DocumentId",
                table: "rooms",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "HasDocumentLink",
                table: "rooms",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "MakingSince",
                table: "rooms",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "PinnedCardId",
                table: "rooms",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "ShowingSince",
                table: "rooms",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Topic",
                table: "rooms",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "IsGone",
                table: "people",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "InvitedAt",
                table: "participants",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "BegunAt",
                table: "outbox",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Channel",
                table: "outbox",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Kind",
                table: "outbox",
                type: "character varying(32)",
                maxLength: 32,
                nullable: false,
                defaultValue: "card");

            migrationBuilder.AddColumn<string>(
                name: "Thread",
                table: "outbox",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "ChangedAt",
                table: "incidents",
                type: "timestamp with time zone",
                nullable: false,
                defaultValue: new DateTimeOffset(new DateTime(1, 1, 1, 0, 0, 0, 0, DateTimeKind.Unspecified), new TimeSpan(0, 0, 0, 0, 0)));

            migrationBuilder.AddColumn<int>(
                name: "Attempts",
                table: "files",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "NotBefore",
                table: "files",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Platform",
                table: "files",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Source",
                table: "files",
                type: "text",
                nullable: true);

            // What was pinned stays pinned.
            migrationBuilder.Sql(
                """
                UPDATE transcript SET "PinLog" = chr(9) || CASE WHEN "Pinned" THEN '1' ELSE '0' END || chr(9) || ((EXTRACT(EPOCH FROM "PinChangedAt") * 10000000)::bigint + 621355968000000000) || chr(9) || COALESCE("PinnedById", 0) || chr(9) || COALESCE("PinnedByName", '') || chr(10)
                WHERE "PinChangedAt" IS NOT NULL
                """);
            migrationBuilder.Sql("""UPDATE rooms SET "Announcing" = TRUE WHERE "AnnouncementId" IS NOT NULL""");

            migrationBuilder.DropColumn(
                name: "PinChangedAt",
                table: "transcript");

            migrationBuilder.CreateTable(
                name: "slack_installations",
                columns: table => new
                {
                    Id = table.Column<string>(type: "text", nullable: false),
                    EnterpriseId = table.Column<string>(type: "text", nullable: true),
                    Name = table.Column<string>(type: "text", nullable: false),
                    IsOrganisation = table.Column<bool>(type: "boolean", nullable: false),
                    BotUserId = table.Column<string>(type: "text", nullable: false),
                    BotId = table.Column<string>(type: "text", nullable: true),
                    Url = table.Column<string>(type: "text", nullable: true),
                    AppId = table.Column<string>(type: "text", nullable: false),
                    Scopes = table.Column<string>(type: "text", nullable: false),
                    InstalledAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    ExpiresAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    RevokedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_slack_installations", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "slack_oauth_states",
                columns: table => new
                {
                    Hash = table.Column<string>(type: "text", nullable: false),
                    ExpiresAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_slack_oauth_states", x => x.Hash);
                });

            migrationBuilder.CreateTable(
                name: "slack_watch",
                columns: table => new
                {
                    Id = table.Column<string>(type: "text", nullable: false),
                    HeardUntil = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    ResumedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    IsGuess = table.Column<bool>(type: "boolean", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_slack_watch", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "slack_workspaces",
                columns: table => new
                {
                    Id = table.Column<string>(type: "text", nullable: false),
                    EnterpriseId = table.Column<string>(type: "text", nullable: false)
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

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "PinChangedAt",
                table: "transcript",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.CreateIndex(
                name: "IX_timeline_entries_IncidentId_MessageId",
                table: "timeline_entries",
                columns: new[] { "IncidentId", "MessageId" });
        }
    }
}
