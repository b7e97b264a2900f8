import ArtifactStore
import Printable

/// How the stored bytes grew, of what is still there.
struct GrowthPlot {
    private static let (width, height, top) = (960, 180, 20)

    private let growth: [BlobGrowth]

    init(_ growth: [BlobGrowth]) { self.growth = growth }

    /// The plot; nil for an empty store.
    var html: HTML? {
        guard let span = Span(growth.map(\.day), most: 240) else { return nil }
        var sums = [Int64](repeating: 0, count: span.count)
        for day in growth { sums[span.place(day.day)] &+= day.bytes }
        for place in sums.indices.dropFirst() { sums[place] &+= sums[place - 1] }
        let most = max(1, sums.max() ?? 1)
        let foot = Self.top + Self.height
        // One day makes a line, too.
        let points = (sums.count == 1 ? [sums[0], sums[0]] : sums).enumerated().map { place, sum in
            let x = Self.width * place / max(1, max(sums.count, 2) - 1)
            let y = foot - Int(Double(sum) / Double(most) * Double(Self.height))
            return "\(x),\(y)"
        }.joined(separator: " ")
        return """
            <figure><svg class="plot" viewBox="0 0 \(Self.width) \(foot + 26)" role="img" aria-label="Stored bytes over time">
            <polygon class="area" points="0,\(foot) \(points) \(Self.width),\(foot)"/>
            <polyline class="line" points="\(points)"/>
            <line class="axis" x1="0" y1="\(foot)" x2="\(Self.width)" y2="\(foot)"/>
            <text x="\(Self.width)" y="12" text-anchor="end">\(ByteCount.text(most))</text>
            <text x="0" y="\(foot + 18)">\(span.day(0).text)</text>
            <text x="\(Self.width)" y="\(foot + 18)" text-anchor="end">\(span.day(span.count - 1).text)</text>
            </svg><figcaption>By the day on which each blob came that is still there.</figcaption></figure>
            """
    }
}
