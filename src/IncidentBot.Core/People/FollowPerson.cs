using IncidentBot.Core.Chat;

namespace IncidentBot.Core.People;

/// <summary>Takes over a person's new name, time zone or state.</summary>
public sealed class FollowPerson(PeopleDirectory people) : IHandle<PersonChanged>
{
    public async Task<Answer> HandleAsync(PersonChanged e, Turn turn, CancellationToken stop)
    {
        await people.RefreshAsync(e.Who, e.Facts, stop);
        return Answer.None;
    }
}
