using System.Diagnostics;
using IncidentBot.Core.Delivery;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace IncidentBot;

/// <summary>Sends traces and metrics to a collector, when one is set.</summary>
public sealed class Telemetry : IHostedService, IDisposable
{
    private readonly OpenTelemetrySdk? _sdk;

    public Telemetry(Settings settings, IConfiguration configuration)
    {
        if (settings.Collector is null)
        {
            return;
        }

        _sdk = OpenTelemetrySdk.Create(o =>
        {
            // Endpoint, protocol, headers and intervals by the usual OTEL_ names, from wherever the other settings come.
            o.Services.AddSingleton(configuration);
            o.ConfigureResource(r => r.AddService("incidentbot", serviceVersion: typeof(Telemetry).Assembly.GetName().Version?.ToString(3)))
            .WithTracing(t => t.AddSource("IncidentBot", "Microsoft.AspNetCore", "Quartz").AddProcessor(new WithoutTokens()).AddOtlpExporter())
            .WithMetrics(m => m.AddMeter(Meters.Name, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime").AddOtlpExporter());
        });
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // What was measured last is sent before the process ends.
    public Task StopAsync(CancellationToken cancellationToken)
    {
        _sdk?.TracerProvider.ForceFlush(2000);
        _sdk?.MeterProvider.ForceFlush(2000);
        return Task.CompletedTask;
    }

    public void Dispose() => _sdk?.Dispose();

    /// <summary>Takes the tokens of sign-in links out of traced addresses.</summary>
    private sealed class WithoutTokens : BaseProcessor<Activity>
    {
        public override void OnEnd(Activity data)
        {
            foreach (var name in new[] { "url.path", "http.target", "url.full" })
            {
                if (data.GetTagItem(name) is string path && path.Contains("/session/", StringComparison.Ordinal))
                {
                    data.SetTag(name, "/session/…");
                }
            }

            if (data.DisplayName.Contains("/session/", StringComparison.Ordinal) && !data.DisplayName.Contains('{'))
            {
                data.DisplayName = "/session/…";
            }
        }
    }
}
