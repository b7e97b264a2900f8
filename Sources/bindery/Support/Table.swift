import Printable

/// Rows in aligned columns, for people; the same without colour in a pipe.
struct Table {
    /// How a column stands.
    enum Alignment {
        case left, right
    }

    private let columns: [(title: String, alignment: Alignment)]
    private var rows: [[String]] = []

    init(_ columns: [(String, Alignment)]) {
        self.columns = columns.map { (title: $0.0, alignment: $0.1) }
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
        guard !rows.isEmpty else { return }
        let widths = columns.indices.map { column in
            max(columns[column].title.count, rows.map { $0[column].count }.max() ?? 0)
        }
        Output.line(Style.dim(Message(verbatim: format(columns.map(\.title), widths))))
        for row in rows { Output.line(Message(verbatim: format(row, widths))) }
    }

    private func format(_ cells: [String], _ widths: [Int]) -> String {
        let padded = cells.indices.map { column in
            let padding = String(repeating: " ", count: max(0, widths[column] - cells[column].count))
            return columns[column].alignment == .right ? padding + cells[column] : cells[column] + padding
        }
        let line = padded.joined(separator: "  ")
        return String(line.reversed().drop { $0 == " " }.reversed())
    }
}

/// What may stand in a table.
protocol TableCell {
    /// Its text, printable.
    var shown: String { get }
}

extension String: TableCell {
    var shown: String { printable(self) }
}

extension Message: TableCell {
    var shown: String { text }
}
