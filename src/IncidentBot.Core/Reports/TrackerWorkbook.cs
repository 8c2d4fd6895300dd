using System.Globalization;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Spreadsheet;
using IncidentBot.Core.ActionItems;
using IncidentBot.Core.Incidents;

namespace IncidentBot.Core.Reports;

/// <summary>Writes all action items as a workbook that can be sorted and filtered: dates are dates, and nothing that people have written is ever a formula.</summary>
public static class TrackerWorkbook
{
    public const string Name = "tracker.xlsx";
    public const string MediaType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

    private const uint Plain = 0;
    private const uint Date = 1;
    private const uint Wrapped = 2;
    private const uint Heading = 3;
    private const uint Late = 4;
    private const int LongestCell = 32_000;

    private static readonly (string Title, double Width, Func<ActionItem, DateOnly, Cell?> Cell)[] Columns =
    [
        ("#", 22, (i, _) => Text(i.FullCode)),
        ("Action", 60, (i, _) => Text(i.Text)),
        ("Owner", 20, (i, _) => Text(i.OwnerName)),
        ("Team", 16, (i, _) => Text(i.Team)),
        ("With", 20, (i, _) => Text(string.Join(", ", i.Collaborators))),
        ("Priority", 9, (i, _) => Text(i.Priority is { } p ? $"P{p}" : null)),
        ("Type", 12, (i, _) => Text(i.Type?.Word())),
        ("Due", 12, (i, today) => Day(i.Due, i.IsLate(today))),
        ("Status", 14, (i, today) => Text(i.IsLate(today) ? $"{ActionWording.State(i.State)}, overdue" : ActionWording.State(i.State))),
        ("Completion date", 16, (i, _) => Day(i.CompletedAt is { } at ? DateOnly.FromDateTime(at.UtcDateTime) : null)),
        ("Verified by", 18, (i, _) => Text(i.VerifiedByName)),
        ("Waits for", 20, (i, _) => Text(i.BlockedBy)),
        ("Not done because", 30, (i, _) => Text(i.NotDoingBecause)),
        ("First date", 12, (i, _) => Day(i.FirstDue)),
        ("New dates", 10, (i, _) => Number(i.Moves)),
        ("Success criterion", 30, (i, _) => Text(i.SuccessCriteria)),
        ("Verification", 30, (i, _) => Text(i.Verification)),
        ("Ticket", 24, (i, _) => Text(i.Ticket)),
        ("Kept on", 12, (i, _) => Day(DateOnly.FromDateTime(i.CreatedAt.UtcDateTime))),
        ("Incident", 40, (i, _) => Text(i.Incident!.Title)),
        ("Severity", 10, (i, _) => Text(i.Incident!.Severity is { } s ? Severity.Name(s) : null)),
        ("Class", 28, (i, _) => Text(i.Incident!.Class)),
    ];

    /// <param name="items">With their incidents.</param>
    public static byte[] Write(IReadOnlyList<ActionItem> items, DateOnly today)
    {
        using var stream = new MemoryStream();
        using (var document = SpreadsheetDocument.Create(stream, SpreadsheetDocumentType.Workbook))
        {
            var book = document.AddWorkbookPart();
            var styles = book.AddNewPart<WorkbookStylesPart>();
            styles.Stylesheet = Styles();
            var part = book.AddNewPart<WorksheetPart>();
            var last = $"{Letters(Columns.Length)}{items.Count + 1}";
            part.Worksheet = new Worksheet(
                new SheetDimension { Reference = $"A1:{last}" },
                new SheetViews(new SheetView(new Pane { VerticalSplit = 1, TopLeftCell = "A2", ActivePane = PaneValues.BottomLeft, State = PaneStateValues.Frozen }) { WorkbookViewId = 0 }),
                new Columns(Columns.Select((c, i) => new Column { Min = (uint)i + 1, Max = (uint)i + 1, Width = c.Width, CustomWidth = true })),
                new SheetData([Row(1, Columns.Select(c => Styled(Text(c.Title)!, Heading))), .. items.Select((item, n) => Row((uint)n + 2, Columns.Select(c => c.Cell(item, today))))]),
                new AutoFilter { Reference = $"A1:{last}" });
            book.Workbook = new Workbook(
                new Sheets(new Sheet { Id = book.GetIdOfPart(part), SheetId = 1, Name = "Action items" }),
                // Programs that do not know filters by themselves find theirs by this name.
                new DefinedNames(new DefinedName($"'Action items'!$A$1:${Letters(Columns.Length)}${items.Count + 1}") { Name = "_xlnm._FilterDatabase", LocalSheetId = 0, Hidden = true }));
            document.PackageProperties.Title = "Action items";
        }

        return stream.ToArray();
    }

    private static Row Row(uint number, IEnumerable<Cell?> cells)
    {
        var row = new Row { RowIndex = number };
        foreach (var (cell, i) in cells.Select((c, i) => (c, i)))
        {
            if (cell is not null)
            {
                cell.CellReference = $"{Letters(i + 1)}{number}";
                row.Append(cell);
            }
        }

        return row;
    }

    // As text, whatever it begins with: an equals sign is one.
    private static Cell? Text(string? text) => string.IsNullOrEmpty(text) ? null
        : new Cell(new InlineString(new Text(Printable(text)) { Space = SpaceProcessingModeValues.Preserve })) { DataType = CellValues.InlineString, StyleIndex = Wrapped };

    private static Cell? Day(DateOnly? day, bool late = false) => day is not { } known ? null
        : new Cell(new CellValue(known.ToDateTime(TimeOnly.MinValue).ToOADate().ToString(CultureInfo.InvariantCulture))) { StyleIndex = late ? Late : Date };

    private static Cell Number(int number) => new(new CellValue(number)) { StyleIndex = Plain };

    private static Cell Styled(Cell cell, uint style)
    {
        cell.StyleIndex = style;
        return cell;
    }

    // What XML cannot hold is left out; a cell holds so much and no more.
    private static string Printable(string text)
    {
        var kept = string.Concat(text.EnumerateRunes().Where(r => r.Value is '\t' or '\n' || (r.Value >= 0x20 && r.Value is not (0xFFFE or 0xFFFF))).Select(r => r.ToString()));
        return kept.Length <= LongestCell ? kept : kept[..(LongestCell - (char.IsHighSurrogate(kept[LongestCell - 1]) ? 1 : 0))] + "…";
    }

    private static string Letters(int column) => column <= 26 ? $"{(char)('A' + column - 1)}" : $"{(char)('A' + ((column - 1) / 26) - 1)}{(char)('A' + ((column - 1) % 26))}";

    private static Stylesheet Styles() => new(
        new NumberingFormats(new NumberingFormat { NumberFormatId = 164, FormatCode = "yyyy-mm-dd" }),
        new Fonts(new Font(), new Font(new Bold()), new Font(new Bold(), new Color { Rgb = "FFB3261E" })),
        new Fills(new Fill(new PatternFill { PatternType = PatternValues.None }), new Fill(new PatternFill { PatternType = PatternValues.Gray125 })),
        new Borders(new Border()),
        new CellStyleFormats(new CellFormat()),
        new CellFormats(
            new CellFormat(),
            new CellFormat { NumberFormatId = 164, ApplyNumberFormat = true },
            // The prefix keeps a text one, also where somebody edits the cell.
            new CellFormat(new Alignment { WrapText = true, Vertical = VerticalAlignmentValues.Top }) { QuotePrefix = true, ApplyAlignment = true },
            new CellFormat { FontId = 1, ApplyFont = true },
            new CellFormat { NumberFormatId = 164, FontId = 2, ApplyNumberFormat = true, ApplyFont = true }));
}
