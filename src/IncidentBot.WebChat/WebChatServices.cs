using IncidentBot.Core.Chat;
using IncidentBot.Core.People;
using IncidentBot.Core.Storage;
using IncidentBot.WebChat.Inbound;
using IncidentBot.WebChat.Outbound;
using IncidentBot.WebChat.Rendering;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace IncidentBot.WebChat;

/// <summary>The local room: a chat in the browser that needs no account.</summary>
public static class WebChatServices
{
    public const string Platform = "webchat";
    public const string Workspace = Core.Incidents.Installation.Local;
    public const string MainRoom = "incidents";
    public const string OtherRoom = "general";

    /// <summary>True for someone's direct messages.</summary>
    public static bool IsDirect(string room) => room.StartsWith(Outbound.WebChatSender.DirectRoom(""), StringComparison.Ordinal);

    public static IServiceCollection AddWebChat(this IServiceCollection services) => services
        .AddSingleton<IModelPart, WebChatModel>()
        .AddSingleton<IPlatformPeople, SamplePeople>()
        .AddSingleton<IChat, WebChatSender>()
        .AddScoped<IInbound, WebChatInbound>()
        .AddScoped<PanelView>()
        .AddSingleton<MessageOrder>()
        .AddSingleton<RoomAccess>();

    /// <summary>Maps the page and what it talks to; <paramref name="isLocal"/> decides who may come in.</summary>
    public static void MapWebChat(this IEndpointRouteBuilder app, Func<HttpContext, bool> isLocal)
    {
        var chat = app.MapGroup("").AddEndpointFilter(async (context, next) =>
            isLocal(context.HttpContext) ? await next(context) : Results.StatusCode(StatusCodes.Status401Unauthorized)).ExcludeFromDescription();
        PageEndpoints.Map(chat);
        ViewEndpoints.Map(chat);
        ChatEndpoints.Map(chat);
    }
}
