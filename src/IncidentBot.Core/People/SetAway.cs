using IncidentBot.Core.ActionItems;
using IncidentBot.Core.Chat;
using IncidentBot.Core.Incidents;
using IncidentBot.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace IncidentBot.Core.People;

/// <summary>Keeps quiet towards somebody who is away: nothing is recalled to them before they are back.</summary>
public sealed class SetAway(BotDb db, Installation installation) : IHandle<CommandInvoked>
{
    private const int LongAway = 120;

    public const string Verb = "away";

    public async Task<Answer> HandleAsync(CommandInvoked e, Turn turn, CancellationToken stop)
    {
        var words = e.Text.Plain.Trim();
        // What the gesture knows of them may be a copy.
        var person = await db.People.FindAsync([turn.By.Id], stop) ?? turn.By;
        if (words.Equals("off", StringComparison.OrdinalIgnoreCase))
        {
            person.AwayUntil = null;
            return Answer.Private(AwayWording.Back);
        }

        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(turn.Now, person.Zone).DateTime);
        var said = words.StartsWith("until ", StringComparison.OrdinalIgnoreCase) ? words["until ".Length..] : words;
        if (SpokenDate.Read(said, today) is not { } day || day <= today)
        {
            return new AwayUntilWhen();
        }

        // “15 Mar” said on the day after would be a year of silence.
        if (day > today.AddDays(LongAway) && !DateOnly.TryParseExact(said.Trim(), "yyyy-MM-dd", out _))
        {
            return new AwaySoLong(day);
        }

        person.AwayUntil = WorkingDay.At(day, installation.WorkingDay.Begins, person.Zone);
        return Answer.Private(AwayWording.Away(day));
    }
}

/// <summary>Words around being away.</summary>
internal static class AwayWording
{
    public const string Back = "Welcome back. What has waited comes in your next working hour.";

    public static string Away(DateOnly day) => $"I keep quiet until {day:dddd yyyy-MM-dd}: no digest, no reminders, no nudges. Actions keep their dates. `/incident away off` ends it sooner.";
}

/// <summary>Perhaps a day that has passed.</summary>
public sealed record AwaySoLong(DateOnly Day) : Refusal
{
    public override string Sentence => $"Until {Day:dddd yyyy-MM-dd}? That is a long time. If you mean it: `/incident away until {Day:yyyy-MM-dd}`.";
}

/// <summary>Until when?</summary>
public sealed record AwayUntilWhen : Refusal
{
    public override string Sentence => "Until which day are you away? `/incident away until 30 Nov`; `/incident away off` when you are back.";
}
