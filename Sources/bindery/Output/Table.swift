import Printable

/// Rows in aligned columns: at a terminal as wide as it is, in a pipe as wide as the cells are, without colour.
struct Table {
    /// How a column stands.
    enum Alignment {
        case left, right
        /// To the left; cut in the middle where the line is too long, as paths are.
        case path
    }

    private let columns: [(title: String, alignment: Alignment)]
    private let leftOut: [String]
    private var rows: [[String]] = []

    /// `leftOut` are titles of columns that a narrow terminal does without, the first one first.
    init(_ columns: [(String, Alignment)], leftOut: [String] = []) {
        self.columns = columns.map { (title: $0.0, alignment: $0.1) }
        self.leftOut = leftOut
    }

    /// Adds a row with one text for each column, which is made printable, or a ``Message``, which is.
    mutating func add(_ cells: any TableCell...) {
        add(cells)
    }

    /// Adds a row with one text for each column.
    mutating func add(_ cells: [any TableCell]) {
        rows.append(cells.map(\.shown))
    }

    /// Prints titles and rows; nothing when there are no rows.
    func print() {
        for (position, line) in lines(columns: Output.columns).enumerated() {
            Output.line(position == 0 ? Style.dim(Message(verbatim: line)) : Message(verbatim: line))
        }
    }

    /// The titles and the rows, in so many columns where that can be; nil is any number.
    func lines(columns limit: Int?) -> [String] {
        guard !rows.isEmpty else { return [] }
        let (shown, widths) = fitted(limit)
        return ([columns.map(\.title)] + rows).map { format($0, shown, widths) }
    }

    /// A column isn't cut below these widths: while others can be left out, and when none can.
    private static let readable = 28
    private static let least = 8

    private func fitted(_ limit: Int?) -> (shown: [Int], widths: [Int]) {
        let natural = columns.indices.map { column in
            max(columns[column].title.count, rows.map { $0[column].count }.max() ?? 0)
        }
        var shown = Array(columns.indices)
        guard let limit else { return (shown, natural) }
        for title in [nil] + leftOut.map(Optional.some) {
            shown.removeAll { columns[$0].title == title }
            if let widths = cut(natural, shown, to: limit, least: Self.readable, isAny: false) {
                return (shown, widths)
            }
        }
        return (shown, cut(natural, shown, to: limit, least: Self.least, isAny: true) ?? natural)
    }

    // Cuts the widest column that may be cut until the line fits; nil when it can't.
    private func cut(_ natural: [Int], _ shown: [Int], to limit: Int, least: Int, isAny: Bool) -> [Int]? {
        var widths = natural
        var excess = shown.map { widths[$0] }.reduce(0, +) + 2 * max(0, shown.count - 1) - limit
        let flexible = shown.filter { isAny && columns[$0].alignment != .right || columns[$0].alignment == .path }
        while excess > 0 {
            let widest = flexible.filter { widths[$0] > max(least, columns[$0].title.count) }.max {
                widths[$0] < widths[$1]
            }
            guard let widest else { return isAny ? widths : nil }
            widths[widest] -= 1
            excess -= 1
        }
        return widths
    }

    private func format(_ cells: [String], _ shown: [Int], _ widths: [Int]) -> String {
        let padded = shown.map { column in
            let text = Self.cut(cells[column], to: widths[column], isPath: columns[column].alignment == .path)
            let padding = String(repeating: " ", count: max(0, widths[column] - text.count))
            return columns[column].alignment == .right ? padding + text : text + padding
        }
        let line = padded.joined(separator: "  ")
        return String(line.reversed().drop { $0 == " " }.reversed())
    }

    /// A text in so many columns: a path is cut in the middle, anything else at its end.
    static func cut(_ text: String, to width: Int, isPath: Bool) -> String {
        guard text.count > width, width > 0 else { return text }
        guard isPath else { return text.prefix(width - 1) + "…" }
        // The end, where a file's name or a tag stands, says more than the beginning.
        let start = (width - 1) / 3
        return text.prefix(start) + "…" + text.suffix(width - 1 - start)
    }
}
