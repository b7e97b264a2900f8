import ArtifactStore
import Printable

/// Audits over time, as bars of verdicts.
struct AuditPlot {
    private static let (width, height, top) = (960, 180, 10)
    private static let kinds: [(name: String, title: String)] = [
        ("good", "exact, contains"), ("none", "unknown"), ("doubt", "ambiguous, incomplete"),
        ("bad", "mismatch, damaged"),
    ]

    private let counts: [AuditCount]

    init(_ counts: [AuditCount]) { self.counts = counts }

    /// The plot; nil without audits.
    var html: HTML? {
        guard let span = Span(counts.map(\.day), most: 90) else { return nil }
        var bars = [[String: Int]](repeating: [:], count: span.count)
        for count in counts { bars[span.place(count.day)][Self.kind(count.verdict), default: 0] += count.count }
        let most = max(1, bars.map { $0.values.reduce(0, +) }.max() ?? 1)
        let room = Self.width / max(span.count, 1)
        let wide = max(2, min(48, room * 3 / 4))
        var parts: [HTML] = []
        for (place, bar) in bars.enumerated() {
            var foot = Self.top + Self.height
            for kind in Self.kinds {
                guard let count = bar[kind.name], count > 0 else { continue }
                let high = max(1, count * Self.height / most)
                foot -= high
                parts.append(
                    """
                    <rect class="\(kind.name)" x="\(place * room + (room - wide) / 2)" y="\(foot)" width="\(wide)" height="\(high)">\
                    <title>\(span.day(place).text): \(count) \(kind.title)</title></rect>
                    """
                )
            }
        }
        let legend: [HTML] = Self.kinds.map { kind in
            let total = bars.reduce(0) { $0 + ($1[kind.name] ?? 0) }
            return "<li><span class=\"verdict \(kind.name)\">\(kind.title)</span> \(ByteCount.grouped(total))</li>"
        }
        let foot = Self.top + Self.height
        return """
            <figure><svg class="plot" viewBox="0 0 \(Self.width) \(foot + 26)" role="img" aria-label="Audits over time by verdict">
            \(parts)<line class="axis" x1="0" y1="\(foot)" x2="\(Self.width)" y2="\(foot)"/>
            <text x="0" y="\(foot + 18)">\(span.day(0).text)</text>
            <text x="\(Self.width)" y="\(foot + 18)" text-anchor="end">\(span.day(span.count - 1).text)</text>
            </svg><ul class="legend">\(legend)</ul></figure>
            """
    }

    private static func kind(_ verdict: String?) -> String {
        switch verdict {
        case "exact", "contains": "good"
        case "mismatch", nil: "bad"
        case "ambiguous", "incomplete": "doubt"
        default: "none"
        }
    }
}
