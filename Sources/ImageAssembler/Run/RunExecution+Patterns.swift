import Dockerfile

extension RunExecution {
    /// Words as a command gets them, with the paths that patterns stand for.
    func expanded(_ words: [ShellWord]) throws(RunRefusal) -> [String] {
        var arguments: [String] = []
        for word in words {
            let fields: [ShellField]
            do { fields = try word.fields(variables) } catch { throw RunRefusal(error) }
            for field in fields {
                let paths = try field.pattern.map { pattern throws(RunRefusal) in try self.paths(of: pattern) } ?? []
                // What matches nothing stays as it is written.
                arguments += paths.isEmpty ? [field.text] : paths
            }
        }
        return arguments
    }

    // As shells do it in the C locale: by component, hidden names only for a pattern that begins with a dot.
    private func paths(of pattern: String) throws(RunRefusal) -> [String] {
        var found = [pattern.hasPrefix("/") ? "/" : ""]
        for component in pattern.split(separator: "/") {
            let text = String(component)
            guard CopyPattern.isPattern(text) else {
                let name = Self.plain(text)
                found = found.map { Self.below($0, name) }.filter { exists($0) }
                continue
            }
            guard let pattern = CopyPattern(text) else { throw .needsShell("the pattern '\(text.prefix(64))'") }
            let isHidden = Self.plain(text).hasPrefix(".")
            guard !isHidden || ![".", ".."].contains(where: pattern.matches) else {
                throw .form(text, reason: "to some shells it means '.' and '..', too")
            }
            var next: [String] = []
            for directory in found {
                guard let place = try? tree.resolve(absolute(directory)), tree[place]?.isDirectory == true else {
                    continue
                }
                let engines = Self.mounted[place] ?? []
                guard !engines.contains(where: pattern.matches) else {
                    throw .form(text, reason: "it matches what engines put into '/\(place)' while a RUN runs")
                }
                let names = tree.children(of: place).filter { isHidden || !$0.hasPrefix(".") }
                if text.contains("?"), let name = names.first(where: { !$0.utf8.allSatisfy { $0 < 0x80 } }) {
                    throw .form(
                        text,
                        reason: "to some shells '?' is a letter, and to others a byte: '\(name.prefix(64))'"
                    )
                }
                next += names.filter(pattern.matches).map { Self.below(directory, $0) }
            }
            found = next
            guard found.count <= Self.largestMatchCount else { throw .form(text, reason: "it matches too many files") }
        }
        guard !pattern.hasSuffix("/") else { throw .needsShell("a pattern that ends with a slash") }
        return found == ["/"] || found == [""] ? [] : found
    }

    private static let largestMatchCount = 10_000
    private static let mounted = [
        "": ["dev", "proc", "sys"], "etc": ["hosts", "hostname", "resolv.conf"], "run": ["secrets", ".containerenv"],
    ]

    private func exists(_ path: String) -> Bool {
        let directory = (path.hasPrefix("/") ? "/" : "") + StageTree.parent(of: path)
        guard let parent = try? tree.resolve(absolute(directory)) else { return false }
        let name = StageTree.name(of: path)
        return [".", ".."].contains(name) || tree[StageTree.join(parent, name)] != nil
    }

    private func absolute(_ path: String) -> String { path.hasPrefix("/") ? path : StageTree.join(directory, path) }

    private static func below(_ directory: String, _ name: String) -> String {
        directory.isEmpty || directory.hasSuffix("/") ? directory + name : directory + "/" + name
    }

    private static func plain(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        var rest = text.unicodeScalars[...]
        while let scalar = rest.popFirst() { result.append(scalar == "\\" ? rest.popFirst() ?? scalar : scalar) }
        return String(result)
    }
}
