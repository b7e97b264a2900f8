/// A table, which becomes a list of cards on a narrow screen: each cell knows its column's title.
struct Table {
    struct Column {
        let title: String
        /// The class of its cells: `num` for numbers, `main` for what names the row.
        var kind = ""
    }

    let caption: String
    let columns: [Column]
    private var rows: [HTML] = []

    /// A table whose caption is read out, and whose columns have a title and a class.
    init(_ caption: String, _ columns: KeyValuePairs<String, String>) {
        self.caption = caption
        self.columns = columns.map { Column(title: $0.key, kind: $0.value) }
    }

    var isEmpty: Bool { rows.isEmpty }

    mutating func add(_ cells: HTML...) {
        var row: HTML = "<tr>"
        for (place, (column, cell)) in zip(columns, cells).enumerated() {
            row +=
                place == 0
                ? "<th scope=\"row\" class=\"\(column.kind)\">\(cell)</th>"
                : "<td class=\"\(column.kind)\" data-label=\"\(column.title)\">\(cell)</td>"
        }
        rows.append(row + "</tr>\n")
    }

    var html: HTML {
        let heads: [HTML] = columns.map { "<th scope=\"col\" class=\"\($0.kind)\">\($0.title)</th>" }
        return """
            <table class="list"><caption class="hidden">\(caption)</caption>
            <thead><tr>\(heads)</tr></thead>
            <tbody>
            \(rows)</tbody></table>
            """
    }
}
