using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace IncidentBot.Storage.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class Review : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "PromptId",
                table: "outbox",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "LastFinding",
                table: "incidents",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<long>(
                name: "AnswerId",
                table: "findings",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Category",
                table: "findings",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "EditedBy",
                table: "findings",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "EndedBy",
                table: "findings",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Ending",
                table: "findings",
                type: "TEXT",
                maxLength: 32,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "EndingReason",
                table: "findings",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Entries",
                table: "findings",
                type: "TEXT",
                nullable: false,
                defaultValue: "[]");

            migrationBuilder.AddColumn<string>(
                name: "How",
                table: "findings",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Links",
                table: "findings",
                type: "TEXT",
                nullable: false,
                defaultValue: "[]");

            migrationBuilder.AddColumn<int>(
                name: "Number",
                table: "findings",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<long>(
                name: "RemovedAt",
                table: "findings",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "SaidAt",
                table: "findings",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "SaidBy",
                table: "findings",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "AcceptedBecause",
                table: "action_items",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Category",
                table: "action_items",
                type: "TEXT",
                maxLength: 32,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Effort",
                table: "action_items",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Implementation",
                table: "action_items",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Serves",
                table: "action_items",
                type: "TEXT",
                nullable: false,
                defaultValue: "[]");

            migrationBuilder.AddColumn<string>(
                name: "Value",
                table: "action_items",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Verification",
                table: "action_items",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Why",
                table: "action_items",
                type: "TEXT",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "parked_ideas",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false),
                    IncidentId = table.Column<long>(type: "INTEGER", nullable: false),
                    Text = table.Column<string>(type: "TEXT", nullable: false),
                    ById = table.Column<long>(type: "INTEGER", nullable: true),
                    ByName = table.Column<string>(type: "TEXT", nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false),
                    ActionNumber = table.Column<int>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_parked_ideas", x => x.Id);
                    table.ForeignKey(
                        name: "FK_parked_ideas_incidents_IncidentId",
                        column: x => x.IncidentId,
                        principalTable: "incidents",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "poll_votes",
                columns: table => new
                {
                    IncidentId = table.Column<long>(type: "INTEGER", nullable: false),
                    PersonId = table.Column<long>(type: "INTEGER", nullable: false),
                    Question = table.Column<string>(type: "TEXT", nullable: false),
                    Yes = table.Column<bool>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_poll_votes", x => new { x.IncidentId, x.PersonId, x.Question });
                    table.ForeignKey(
                        name: "FK_poll_votes_incidents_IncidentId",
                        column: x => x.IncidentId,
                        principalTable: "incidents",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "prompts",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false),
                    IncidentId = table.Column<long>(type: "INTEGER", nullable: false),
                    Number = table.Column<int>(type: "INTEGER", nullable: false),
                    Phase = table.Column<string>(type: "TEXT", nullable: false),
                    Key = table.Column<string>(type: "TEXT", nullable: false),
                    About = table.Column<string>(type: "TEXT", nullable: false),
                    Title = table.Column<string>(type: "TEXT", nullable: false),
                    Question = table.Column<string>(type: "TEXT", nullable: false),
                    Quotes = table.Column<string>(type: "TEXT", nullable: false),
                    EntrySeq = table.Column<int>(type: "INTEGER", nullable: true),
                    FindingId = table.Column<long>(type: "INTEGER", nullable: true),
                    From = table.Column<long>(type: "INTEGER", nullable: true),
                    To = table.Column<long>(type: "INTEGER", nullable: true),
                    AskedId = table.Column<long>(type: "INTEGER", nullable: true),
                    AskedName = table.Column<string>(type: "TEXT", nullable: true),
                    Silent = table.Column<bool>(type: "INTEGER", nullable: false),
                    State = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    OpenedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    ClosedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Reason = table.Column<string>(type: "TEXT", nullable: true),
                    MessageId = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_prompts", x => x.Id);
                    table.ForeignKey(
                        name: "FK_prompts_incidents_IncidentId",
                        column: x => x.IncidentId,
                        principalTable: "incidents",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "review_asked",
                columns: table => new
                {
                    IncidentId = table.Column<long>(type: "INTEGER", nullable: false),
                    PersonId = table.Column<long>(type: "INTEGER", nullable: false),
                    Because = table.Column<string>(type: "TEXT", nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false),
                    RemindedOf = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_review_asked", x => new { x.IncidentId, x.PersonId });
                    table.ForeignKey(
                        name: "FK_review_asked_incidents_IncidentId",
                        column: x => x.IncidentId,
                        principalTable: "incidents",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "review_phases",
                columns: table => new
                {
                    IncidentId = table.Column<long>(type: "INTEGER", nullable: false),
                    Key = table.Column<string>(type: "TEXT", nullable: false),
                    State = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    OpenedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    ClosedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Reason = table.Column<string>(type: "TEXT", nullable: true),
                    Summary = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_review_phases", x => new { x.IncidentId, x.Key });
                    table.ForeignKey(
                        name: "FK_review_phases_incidents_IncidentId",
                        column: x => x.IncidentId,
                        principalTable: "incidents",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "reviews",
                columns: table => new
                {
                    IncidentId = table.Column<long>(type: "INTEGER", nullable: false),
                    State = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    RequiredBecause = table.Column<string>(type: "TEXT", nullable: true),
                    OfferedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    DueAt = table.Column<long>(type: "INTEGER", nullable: true),
                    DocumentDueAt = table.Column<long>(type: "INTEGER", nullable: true),
                    StartedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    ClosedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    FacilitatorId = table.Column<long>(type: "INTEGER", nullable: true),
                    FacilitatorName = table.Column<string>(type: "TEXT", nullable: true),
                    Script = table.Column<string>(type: "TEXT", nullable: false),
                    Phase = table.Column<string>(type: "TEXT", nullable: true),
                    PromptId = table.Column<long>(type: "INTEGER", nullable: true),
                    NotHeldBecause = table.Column<string>(type: "TEXT", nullable: true),
                    LegalHold = table.Column<bool>(type: "INTEGER", nullable: false),
                    MeetingAt = table.Column<long>(type: "INTEGER", nullable: true),
                    MeetingMinutes = table.Column<int>(type: "INTEGER", nullable: false),
                    CardId = table.Column<string>(type: "TEXT", nullable: true),
                    DatesByHand = table.Column<bool>(type: "INTEGER", nullable: false),
                    Reminders = table.Column<string>(type: "TEXT", nullable: false),
                    Version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_reviews", x => x.IncidentId);
                    table.ForeignKey(
                        name: "FK_reviews_incidents_IncidentId",
                        column: x => x.IncidentId,
                        principalTable: "incidents",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "services",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    Workspace = table.Column<string>(type: "TEXT", nullable: false),
                    Name = table.Column<string>(type: "TEXT", nullable: false),
                    Purpose = table.Column<string>(type: "TEXT", nullable: true),
                    Architecture = table.Column<string>(type: "TEXT", nullable: true),
                    Traffic = table.Column<string>(type: "TEXT", nullable: true),
                    SlaTargets = table.Column<string>(type: "TEXT", nullable: true),
                    OnCallResponse = table.Column<string>(type: "TEXT", nullable: true),
                    Owners = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_services", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "silenced_rules",
                columns: table => new
                {
                    Workspace = table.Column<string>(type: "TEXT", nullable: false),
                    Rule = table.Column<string>(type: "TEXT", nullable: false),
                    ByName = table.Column<string>(type: "TEXT", nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_silenced_rules", x => new { x.Workspace, x.Rule });
                });

            migrationBuilder.CreateTable(
                name: "review_answers",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false),
                    IncidentId = table.Column<long>(type: "INTEGER", nullable: false),
                    PromptId = table.Column<long>(type: "INTEGER", nullable: false),
                    PersonId = table.Column<long>(type: "INTEGER", nullable: true),
                    PersonName = table.Column<string>(type: "TEXT", nullable: true),
                    WrittenBy = table.Column<string>(type: "TEXT", nullable: true),
                    Text = table.Column<string>(type: "TEXT", nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false),
                    MessageId = table.Column<string>(type: "TEXT", nullable: true),
                    Link = table.Column<string>(type: "TEXT", nullable: true),
                    EditedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    DeletedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    FollowUp = table.Column<string>(type: "TEXT", nullable: true),
                    Entries = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_review_answers", x => x.Id);
                    table.ForeignKey(
                        name: "FK_review_answers_prompts_PromptId",
                        column: x => x.PromptId,
                        principalTable: "prompts",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_parked_ideas_IncidentId",
                table: "parked_ideas",
                column: "IncidentId");

            migrationBuilder.CreateIndex(
                name: "IX_prompts_IncidentId_Key_About",
                table: "prompts",
                columns: new[] { "IncidentId", "Key", "About" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_prompts_MessageId",
                table: "prompts",
                column: "MessageId");

            migrationBuilder.CreateIndex(
                name: "IX_review_answers_IncidentId",
                table: "review_answers",
                column: "IncidentId");

            migrationBuilder.CreateIndex(
                name: "IX_review_answers_MessageId",
                table: "review_answers",
                column: "MessageId");

            migrationBuilder.CreateIndex(
                name: "IX_review_answers_PromptId",
                table: "review_answers",
                column: "PromptId");

            migrationBuilder.CreateIndex(
                name: "IX_services_Workspace_Name",
                table: "services",
                columns: new[] { "Workspace", "Name" },
                unique: true);

            // Findings are counted per incident from now on.
            migrationBuilder.Sql("UPDATE findings SET \"Number\" = (SELECT COUNT(*) FROM findings f WHERE f.\"IncidentId\" = findings.\"IncidentId\" AND f.\"Id\" <= findings.\"Id\");");
            migrationBuilder.Sql("UPDATE incidents SET \"LastFinding\" = (SELECT COUNT(*) FROM findings WHERE findings.\"IncidentId\" = incidents.\"Id\");");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "parked_ideas");

            migrationBuilder.DropTable(
                name: "poll_votes");

            migrationBuilder.DropTable(
                name: "review_answers");

            migrationBuilder.DropTable(
                name: "review_asked");

            migrationBuilder.DropTable(
                name: "review_phases");

            migrationBuilder.DropTable(
                name: "reviews");

            migrationBuilder.DropTable(
                name: "services");

            migrationBuilder.DropTable(
                name: "silenced_rules");

            migrationBuilder.DropTable(
                name: "prompts");

            migrationBuilder.DropColumn(
                name: "PromptId",
                table: "outbox");

            migrationBuilder.DropColumn(
                name: "LastFinding",
                table: "incidents");

            migrationBuilder.DropColumn(
                name: "AnswerId",
                table: "findings");

            migrationBuilder.DropColumn(
                name: "Category",
                table: "findings");

            migrationBuilder.DropColumn(
                name: "EditedBy",
                table: "findings");

            migrationBuilder.DropColumn(
                name: "EndedBy",
                table: "findings");

            migrationBuilder.DropColumn(
                name: "Ending",
                table: "findings");

            migrationBuilder.DropColumn(
                name: "EndingReason",
                table: "findings");

            migrationBuilder.DropColumn(
                name: "Entries",
                table: "findings");

            migrationBuilder.DropColumn(
                name: "How",
                table: "findings");

            migrationBuilder.DropColumn(
                name: "Links",
                table: "findings");

            migrationBuilder.DropColumn(
                name: "Number",
                table: "findings");

            migrationBuilder.DropColumn(
                name: "RemovedAt",
                table: "findings");

            migrationBuilder.DropColumn(
                name: "SaidAt",
                table: "findings");

            migrationBuilder.DropColumn(
                name: "SaidBy",
                table: "findings");

            migrationBuilder.DropColumn(
                name: "AcceptedBecause",
                table: "action_items");

            migrationBuilder.DropColumn(
                name: "Category",
                table: "action_items");

            migrationBuilder.DropColumn(
                name: "Effort",
                table: "action_items");

            migrationBuilder.DropColumn(
                name: "Implementation",
                table: "action_items");

            migrationBuilder.DropColumn(
                name: "Serves",
                table: "action_items");

            migrationBuilder.DropColumn(
                name: "Value",
                table: "action_items");

            migrationBuilder.DropColumn(
                name: "Verification",
                table: "action_items");

            migrationBuilder.DropColumn(
                name: "Why",
                table: "action_items");

            migrationBuilder.AlterColumn<long>(
                name: "Id",
                table: "findings",
                type: "INTEGER",
                nullable: false,
                oldClrType: typeof(long),
                oldType: "INTEGER")
                .Annotation("Sqlite:Autoincrement", true);
        }
    }
}
