import ContentAddress
import OCI
import Release

/// Released files × platforms.
struct ReleasedMatrix {
    private struct Row: Hashable {
        let name: String
        let file: String
    }

    private let platforms: [String]
    private let rows: [Row]
    private let cells: [Row: [String: (key: ArtifactKey, digest: Digest?, path: String)]]

    private static let mostRows = 100

    init(_ view: AuditView) {
        var cells: [Row: [String: (key: ArtifactKey, digest: Digest?, path: String)]] = [:]
        var rows: [Row] = []
        for part in view.platforms {
            for file in part.files {
                guard let key = file.artifacts.first else { continue }
                let row = Row(name: key.name.text, file: key.file.text)
                if cells[row] == nil { rows.append(row) }
                // The first place of a file is where it stands before its copies.
                if cells[row]?[part.platform] == nil {
                    cells[row, default: [:]][part.platform] = (key, file.digest, file.path)
                }
            }
        }
        platforms = view.platforms.map(\.platform)
        self.rows = rows
        self.cells = cells
    }

    /// The matrix; nil where no file is released.
    var html: HTML? {
        guard !rows.isEmpty else { return nil }
        let heads: [HTML] = platforms.map { "<th scope=\"col\">\($0)</th>" }
        let lines: [HTML] = rows.prefix(Self.mostRows).map { row in
            let columns: [HTML] = platforms.map { platform in
                guard let cell = cells[row]?[platform] else {
                    return "<td data-label=\"\(platform)\"><span class=\"verdict none\">not there</span></td>"
                }
                let link: HTML = cell.digest.map { Parts.short($0, .digest($0)) } ?? ""
                return """
                    <td data-label="\(platform)"><span><a href="\(Link.release(cell.key.release))">\(cell.key.version)</a><br>\
                    \(link)<br><code>\(cell.path)</code></span></td>
                    """
            }
            let file: HTML? =
                row.file == row.name.split(separator: "/").last.map(String.init) ? nil : " <code>\(row.file)</code>"
            return "<tr><th scope=\"row\" class=\"main\">\(row.name)\(file)</th>\(columns)</tr>\n"
        }
        let rest: HTML? =
            rows.count > Self.mostRows
            ? "<p class=\"note\">\(Parts.count(rows.count - Self.mostRows, "more file", "more files")).</p>" : nil
        return """
            <div class="scroll"><table class="list matrix"><caption class="hidden">Released files and their platforms</caption>
            <thead><tr><th scope="col">File</th>\(heads)</tr></thead>
            <tbody>
            \(lines)</tbody></table></div>\(rest)
            """
    }
}
