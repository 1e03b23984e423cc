using System.Globalization;
using System.Xml.Linq;

namespace LocalRegistry.Benchmarks.Reporting;

/// <summary>Draws what was wanted and what came of it as an SVG that can be read on white and on black.</summary>
internal static class Plot
{
    private const int Width = 960;
    private const int Left = 420;
    private const int Right = 150;
    private const int Row = 19;
    private const int Bar = 11;
    private const double Least = 0.25;
    private const double Most = 64;
    private const double MostShare = 2;

    // In the middle between white and black, so that the background does not matter.
    private const string Ink = "#7d8590";
    private const string Met = "#2da44e";
    private const string Missed = "#d2691e";

    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    /// <summary>The drawing's text.</summary>
    public static string Draw(BenchResult result)
    {
        List<(Finding Finding, Verdict Verdict)> all = [.. result.Findings.SelectMany(f => f.Verdicts.Where(v => v.Met is not null).Select(v => (f, v)))];
        var drawing = new List<XElement>();
        int y = 28;
        Text(drawing, 8, y, $"Measured {result.Date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)} on {result.Machine.Processor}, {result.Machine.Cores} cores");
        y += 22;
        Text(drawing, 8, y, "bars: what was measured; ticks: what was wanted; green is met, orange is missed", Ink);
        y = Section(drawing, y + 34, "times better than the other (logarithmic)", all.Where(r => r.Verdict.WantedRatio is not null), RatioRow, [0.5, 1, 2, 4, 8, 16, 32], RatioX, "x");
        y = Section(drawing, y + 34, "share of what is allowed", all.Where(r => r.Verdict.WantedLimit is not null), LimitRow, [0.5, 1, 1.5], ShareX, "");
        return new XElement(
            Svg + "svg",
            new XAttribute("width", Width),
            new XAttribute("height", y + 12),
            new XAttribute("viewBox", $"0 0 {Width} {y + 12}"),
            new XAttribute("font-family", "system-ui, sans-serif"),
            new XAttribute("font-size", 12),
            drawing).ToString();
    }

    private static int Section(
        List<XElement> drawing,
        int y,
        string title,
        IEnumerable<(Finding Finding, Verdict Verdict)> rows,
        Action<List<XElement>, int, Finding, Verdict> row,
        double[] marks,
        Func<double, double> x,
        string unit)
    {
        (Finding Finding, Verdict Verdict)[] all = [.. rows];
        Text(drawing, 8, y, title, Ink, weight: "bold");
        int top = y;
        foreach (double mark in marks)
        {
            Text(drawing, x(mark), y, mark.ToString(CultureInfo.InvariantCulture) + unit, Ink, anchor: "middle");
            Line(drawing, x(mark), top + 6, top + 8 + (all.Length * Row), Ink, mark == 1 ? 1 : 0.3);
        }

        foreach ((Finding finding, Verdict verdict) in all)
        {
            y += Row;
            string versus = verdict.WantedRatio is null ? verdict.Subject : $"{verdict.Subject} / {verdict.Against}";
            Text(drawing, Left - 12, y, $"{finding.Scenario}: {finding.Measure} ({versus})", Ink, anchor: "end");
            row(drawing, y, finding, verdict);
        }

        return y;
    }

    private static void RatioRow(List<XElement> drawing, int y, Finding finding, Verdict verdict)
    {
        double ratio = verdict.Ratio!.Value;
        double from = RatioX(1);
        double to = RatioX(ratio);
        Rectangle(drawing, Math.Min(from, to), Math.Max(from, to), y, verdict);
        Line(drawing, RatioX(verdict.WantedRatio!.Value), y - Bar - 1, y + 3, Ink, 1, width: 3);
        Text(drawing, Width - 8, y, $"{Report.Number(ratio)} x", Color(verdict), anchor: "end", weight: "bold");
    }

    private static void LimitRow(List<XElement> drawing, int y, Finding finding, Verdict verdict)
    {
        double value = finding.Medians[verdict.Subject];
        double limit = verdict.WantedLimit!.Value;
        Rectangle(drawing, ShareX(0), ShareX(value / limit), y, verdict);
        Line(drawing, ShareX(1), y - Bar - 1, y + 3, Ink, 1, width: 3);
        string wanted = limit.ToString("#,0.##", CultureInfo.InvariantCulture);
        Text(drawing, Width - 8, y, $"{Report.Number(value)} / {wanted} {finding.Unit}", Color(verdict), anchor: "end", weight: "bold");
    }

    private static double RatioX(double ratio) => X(Math.Log(Math.Clamp(ratio, Least, Most) / Least) / Math.Log(Most / Least));

    private static double ShareX(double share) => X(Math.Min(share, MostShare) / MostShare);

    private static double X(double share) => Math.Round(Left + (share * (Width - Right - Left)), 1);

    private static string Color(Verdict verdict) => verdict.Met == true ? Met : Missed;

    private static void Rectangle(List<XElement> drawing, double from, double to, int y, Verdict verdict) => drawing.Add(new XElement(
        Svg + "rect",
        new XAttribute("x", from),
        new XAttribute("y", y - Bar + 1),
        new XAttribute("width", Math.Max(1, Math.Round(to - from, 1))),
        new XAttribute("height", Bar),
        new XAttribute("fill", Color(verdict))));

    private static void Line(List<XElement> drawing, double x, int from, int to, string color, double opacity, int width = 1) => drawing.Add(new XElement(
        Svg + "line",
        new XAttribute("x1", x),
        new XAttribute("x2", x),
        new XAttribute("y1", from),
        new XAttribute("y2", to),
        new XAttribute("stroke", color),
        new XAttribute("stroke-opacity", opacity),
        new XAttribute("stroke-width", width)));

    private static void Text(List<XElement> drawing, double x, int y, string text, string color = Ink, string anchor = "start", string weight = "normal") =>
        drawing.Add(new XElement(
            Svg + "text",
            new XAttribute("x", x),
            new XAttribute("y", y),
            new XAttribute("fill", color),
            new XAttribute("text-anchor", anchor),
            new XAttribute("font-weight", weight),
            text));
}
