using IncidentBot.Core.Chat;
using IncidentBot.Core.Delivery;
using IncidentBot.Core.People;
using IncidentBot.Core.Storage;
using IncidentBot.Slack.Inbound;
using IncidentBot.Slack.Install;
using IncidentBot.Slack.Listening;
using IncidentBot.Slack.Outbound;
using IncidentBot.Slack.Sockets;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace IncidentBot.Slack;

/// <summary>Slack: its protocol, its manner, its installation.</summary>
public static class SlackServices
{
    public const string Platform = "slack";

    /// <summary>Registers Slack; its tables belong to the model whether or not it is set up.</summary>
    public static IServiceCollection AddSlack(this IServiceCollection services, SlackSettings settings)
    {
        services.AddSingleton<IModelPart, SlackModel>().AddSingleton(settings);
        if (!settings.IsOn)
        {
            return services;
        }

        services.AddHttpClient(SlackApi.ClientName, c => c.Timeout = SlackApi.Patience).RemoveAllLoggers();
        return services
            .AddSingleton(new SlackPace()).AddSingleton<Pacer>().AddSingleton<SlackApi>().AddSingleton<InstalledTokens>().AddSingleton<Installations>().AddSingleton<SlackCheck>()
            .AddSingleton<SlackPeople>().AddSingleton<IPlatformPeople>(sp => sp.GetRequiredService<SlackPeople>()).AddSingleton<ILoop>(sp => sp.GetRequiredService<SlackPeople>())
            .AddSingleton<SlackThreads>().AddScoped<IInbound, SlackInbound>()
            .AddSingleton<SlackPosts>().AddSingleton<SlackRooms>().AddSingleton<SlackDocuments>().AddSingleton<SlackRetractions>().AddSingleton<IChat, SlackSender>()
            .AddSingleton<ILoop, SlackFiles>()
            .AddSingleton<SlackAnswers>().AddSingleton<SlackGestures>().AddSingleton<SlackDeliveries>()
            .AddSingleton<SocketHealth>().AddSingleton<Heard>().AddSingleton<Rereader>().AddSingleton<Watch>().AddSingleton<ILoop>(sp => sp.GetRequiredService<Watch>());
    }

    /// <summary>Keeps the sockets open, where events come over them.</summary>
    public static IServiceCollection AddSlackSockets(this IServiceCollection services, SlackSettings settings) =>
        settings.AppToken is null ? services : services.AddSingleton<SocketFrames>().AddHostedService<SocketMode>();

    /// <summary>Maps where Slack sends what happens; without a signing secret all of it is refused.</summary>
    public static void MapSlack(this IEndpointRouteBuilder app) => SlackEndpoints.Map(app);
}
