using System;
using System.Collections.Generic;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace IncidentBot.Storage.Postgres.Migrations
{
    /// <inheritdoc />
    public partial class FollowUps : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<int>(
                name: "Score",
                table: "reviews",
                type: "integer",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "ScoreOf",
                table: "reviews",
                type: "integer",
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "AwayUntil",
                table: "people",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "StatusAwayUntil",
                table: "people",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "DigestId",
                table: "outbox",
                type: "bigint",
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "LastGoodAt",
                table: "job_runs",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<List<string>>(
                name: "Files",
                table: "findings",
                type: "text[]",
                nullable: false);

            migrationBuilder.AddColumn<long>(
                name: "AnswerId",
                table: "action_items",
                type: "bigint",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "BlockedBy",
                table: "action_items",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<List<string>>(
                name: "Collaborators",
                table: "action_items",
                type: "text[]",
                nullable: false);

            migrationBuilder.AddColumn<string>(
                name: "DropAsked",
                table: "action_items",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "DroppedAt",
                table: "action_items",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "DueByPolicy",
                table: "action_items",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "DueSetAt",
                table: "action_items",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<DateOnly>(
                name: "FirstDue",
                table: "action_items",
                type: "date",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "Missed",
                table: "action_items",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<int>(
                name: "Moves",
                table: "action_items",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<string>(
                name: "NotDoingBecause",
                table: "action_items",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "OfferedToId",
                table: "action_items",
                type: "bigint",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "OfferedToName",
                table: "action_items",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "OwnedSince",
                table: "action_items",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "SnoozedIn",
                table: "action_items",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<DateOnly>(
                name: "SnoozedUntil",
                table: "action_items",
                type: "date",
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "VerifiedAt",
                table: "action_items",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "VerifiedByName",
                table: "action_items",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "VerifiedHow",
                table: "action_items",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "VerifierId",
                table: "action_items",
                type: "bigint",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "action_changes",
                columns: table => new
                {
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    ItemId = table.Column<long>(type: "bigint", nullable: false),
                    At = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    ById = table.Column<long>(type: "bigint", nullable: true),
                    ByName = table.Column<string>(type: "text", nullable: false),
                    From = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: false),
                    To = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: false),
                    What = table.Column<string>(type: "text", nullable: false),
                    Why = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_action_changes", x => x.Id);
                    table.ForeignKey(
                        name: "FK_action_changes_action_items_ItemId",
                        column: x => x.ItemId,
                        principalTable: "action_items",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "digests",
                columns: table => new
                {
                    Id = table.Column<long>(type: "bigint", nullable: false),
                    PersonId = table.Column<long>(type: "bigint", nullable: false),
                    Kind = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: false),
                    Period = table.Column<string>(type: "text", nullable: false),
                    At = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    Items = table.Column<List<long>>(type: "bigint[]", nullable: false),
                    ToVerify = table.Column<List<long>>(type: "bigint[]", nullable: false),
                    MessageId = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_digests", x => x.Id);
                    table.ForeignKey(
                        name: "FK_digests_people_PersonId",
                        column: x => x.PersonId,
                        principalTable: "people",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "follow_up_rules",
                columns: table => new
                {
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    Workspace = table.Column<string>(type: "text", nullable: false),
                    Severity = table.Column<int>(type: "integer", nullable: true),
                    Priority = table.Column<int>(type: "integer", nullable: true),
                    Kind = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: true),
                    Team = table.Column<string>(type: "text", nullable: true),
                    AssignWithin = table.Column<string>(type: "text", nullable: true),
                    CompleteWithin = table.Column<string>(type: "text", nullable: true),
                    Remind = table.Column<string>(type: "text", nullable: true),
                    EscalateAfter = table.Column<int>(type: "integer", nullable: true),
                    EscalateTo = table.Column<string>(type: "text", nullable: true),
                    EscalateToName = table.Column<string>(type: "text", nullable: true),
                    Report = table.Column<bool>(type: "boolean", nullable: true),
                    SetByName = table.Column<string>(type: "text", nullable: false),
                    SetAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_follow_up_rules", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "overviews",
                columns: table => new
                {
                    Platform = table.Column<string>(type: "text", nullable: false),
                    Workspace = table.Column<string>(type: "text", nullable: false),
                    Kind = table.Column<string>(type: "text", nullable: false),
                    Period = table.Column<string>(type: "text", nullable: false),
                    At = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_overviews", x => new { x.Platform, x.Workspace, x.Kind, x.Period });
                });

            migrationBuilder.CreateTable(
                name: "recalls",
                columns: table => new
                {
                    ItemId = table.Column<long>(type: "bigint", nullable: false),
                    Kind = table.Column<string>(type: "text", nullable: false),
                    For = table.Column<DateOnly>(type: "date", nullable: false),
                    At = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_recalls", x => new { x.ItemId, x.Kind, x.For });
                    table.ForeignKey(
                        name: "FK_recalls_action_items_ItemId",
                        column: x => x.ItemId,
                        principalTable: "action_items",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_outbox_Lane_State_Id",
                table: "outbox",
                columns: new[] { "Lane", "State", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_action_items_AnswerId",
                table: "action_items",
                column: "AnswerId");

            migrationBuilder.CreateIndex(
                name: "IX_action_items_OwnerId",
                table: "action_items",
                column: "OwnerId");

            migrationBuilder.CreateIndex(
                name: "IX_action_changes_ItemId",
                table: "action_changes",
                column: "ItemId");

            migrationBuilder.CreateIndex(
                name: "IX_digests_At",
                table: "digests",
                column: "At");

            migrationBuilder.CreateIndex(
                name: "IX_digests_PersonId_Kind_Period",
                table: "digests",
                columns: new[] { "PersonId", "Kind", "Period" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_follow_up_rules_Workspace",
                table: "follow_up_rules",
                column: "Workspace");

            // What is there already had its date and its owner from the beginning.
            migrationBuilder.Sql("UPDATE action_items SET \"FirstDue\" = \"Due\", \"DueSetAt\" = \"CreatedAt\", \"OwnedSince\" = CASE WHEN \"OwnerId\" IS NULL THEN NULL ELSE \"CreatedAt\" END;");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "action_changes");

            migrationBuilder.DropTable(
                name: "digests");

            migrationBuilder.DropTable(
                name: "follow_up_rules");

            migrationBuilder.DropTable(
                name: "overviews");

            migrationBuilder.DropTable(
                name: "recalls");

            migrationBuilder.DropIndex(
                name: "IX_outbox_Lane_State_Id",
                table: "outbox");

            migrationBuilder.DropIndex(
                name: "IX_action_items_AnswerId",
                table: "action_items");

            migrationBuilder.DropIndex(
                name: "IX_action_items_OwnerId",
                table: "action_items");

            migrationBuilder.DropColumn(
                name: "Score",
                table: "reviews");

            migrationBuilder.DropColumn(
                name: "ScoreOf",
                table: "reviews");

            migrationBuilder.DropColumn(
                name: "AwayUntil",
                table: "people");

            migrationBuilder.DropColumn(
                name: "StatusAwayUntil",
                table: "people");

            migrationBuilder.DropColumn(
                name: "DigestId",
                table: "outbox");

            migrationBuilder.DropColumn(
                name: "LastGoodAt",
                table: "job_runs");

            migrationBuilder.DropColumn(
                name: "Files",
                table: "findings");

            migrationBuilder.DropColumn(
                name: "AnswerId",
                table: "action_items");

            migrationBuilder.DropColumn(
                name: "BlockedBy",
                table: "action_items");

            migrationBuilder.DropColumn(
                name: "Collaborators",
                table: "action_items");

            migrationBuilder.DropColumn(
                name: "DropAsked",
                table: "action_items");

            migrationBuilder.DropColumn(
                name: "DroppedAt",
                table: "action_items");

            migrationBuilder.DropColumn(
                name: "DueByPolicy",
                table: "action_items");

            migrationBuilder.DropColumn(
                name: "DueSetAt",
                table: "action_items");

            migrationBuilder.DropColumn(
                name: "FirstDue",
                table: "action_items");

            migrationBuilder.DropColumn(
                name: "Missed",
                table: "action_items");

            migrationBuilder.DropColumn(
                name: "Moves",
                table: "action_items");

            migrationBuilder.DropColumn(
                name: "NotDoingBecause",
                table: "action_items");

            migrationBuilder.DropColumn(
                name: "OfferedToId",
                table: "action_items");

            migrationBuilder.DropColumn(
                name: "OfferedToName",
                table: "action_items");

            migrationBuilder.DropColumn(
                name: "OwnedSince",
                table: "action_items");

            migrationBuilder.DropColumn(
                name: "SnoozedIn",
                table: "action_items");

            migrationBuilder.DropColumn(
                name: "SnoozedUntil",
                table: "action_items");

            migrationBuilder.DropColumn(
                name: "VerifiedAt",
                table: "action_items");

            migrationBuilder.DropColumn(
                name: "VerifiedByName",
                table: "action_items");

            migrationBuilder.DropColumn(
                name: "VerifiedHow",
                table: "action_items");

            migrationBuilder.DropColumn(
                name: "VerifierId",
                table: "action_items");
        }
    }
}
