using System.Security.Cryptography;
using System.Text;
using IncidentBot.Core.Replay;
using IncidentBot.Jobs;
using IncidentBot.Pages;
using Microsoft.AspNetCore.Http.Features;

namespace IncidentBot;

/// <summary>What the command line asks of a running bot, over loopback, with the token of the lock file.</summary>
public static class ControlEndpoints
{
    private const long LargestFile = 64 * 1024 * 1024;

    public static void MapControl(this IEndpointRouteBuilder app)
    {
        app.MapPost("/control/retry", async (HttpContext http, Token token, DeadDeliveries dead, CancellationToken stop) =>
            LocalOnly.IsLocal(http) && token.Accepts(http.Request.Headers["X-IncidentBot-Control"])
                ? Results.Json(new RetryAnswer(await dead.RetryAsync((await http.Request.ReadFromJsonAsync<RetryOrder>(stop))?.Id ?? "", null, stop)))
                : Results.StatusCode(401)).ExcludeFromDescription();
        app.MapPost("/control/replay", async (HttpContext http, Token token, FilePlayer player, IHostApplicationLifetime lifetime) =>
        {
            if (!LocalOnly.IsLocal(http) || !token.Accepts(http.Request.Headers["X-IncidentBot-Control"]))
            {
                return Results.StatusCode(401);
            }

            if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            {
                size.MaxRequestBodySize = LargestFile;
            }

            using var stop = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, lifetime.ApplicationStopping);
            try
            {
                var order = await http.Request.ReadFromJsonAsync<ReplayOrder>(stop.Token) ?? throw new IncidentFileFault("The order is empty.");
                return Results.Json(new ReplayAnswer(await player.PlayAsync(IncidentFileReader.Read(order.Text), order.Import, order.Speed, stop.Token, review: order.Review), null));
            }
            catch (IncidentFileFault fault)
            {
                return Results.Json(new ReplayAnswer(null, fault.Message), statusCode: 422);
            }
        }).ExcludeFromDescription();
    }

    /// <summary>A dead delivery to try again, or all of them.</summary>
    public sealed record RetryOrder(string Id);

    /// <summary>How many will be tried again.</summary>
    public sealed record RetryAnswer(int Count);

    /// <summary>A file to play.</summary>
    public sealed record ReplayOrder(string Text, bool Import, double? Speed, bool Review = false);

    /// <summary>The incident that came of it, or what was wrong.</summary>
    public sealed record ReplayAnswer(string? Id, string? Error);

    /// <summary>What a caller must show; nothing is accepted before it is set.</summary>
    public sealed class Token
    {
        public string Value { get; set; } = "";

        public bool Accepts(string? presented) => Value.Length > 0 && presented is not null
            && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(presented), Encoding.UTF8.GetBytes(Value));
    }
}
