import Printable

/// A module, and the versions of it that are asked for: `golang.org/x/net@<0.38`, `time@>=0.1,<0.2.23`, `stdlib`.
package struct ModuleQuery: Sendable, Hashable, CustomStringConvertible {
    /// How a version stands to the one of a bound.
    private enum Relation: String, CaseIterable {
        // The longer ones first, as they are looked for.
        case atMost = "<="
        case atLeast = ">="
        case below = "<"
        case above = ">"
        case same = "="

        func holds(_ order: Int) -> Bool {
            switch self {
            case .atMost: order <= 0
            case .atLeast: order >= 0
            case .below: order < 0
            case .above: order > 0
            case .same: order == 0
            }
        }
    }

    private struct Bound: Hashable {
        let relation: Relation
        let version: String
    }

    /// Whether a module is one that is asked for.
    package enum Answer: Sendable {
        case yes, no
        /// Its version isn't known, or isn't one.
        case unknown
    }

    /// As it was written.
    package let description: String
    /// The module's name, as its ecosystem writes it.
    package let name: String
    private let bounds: [Bound]

    /// Reads `NAME` or `NAME@BOUND[,BOUND]…`; a bound is a version, or one behind `<`, `<=`, `>`, `>=` or `=`.
    ///
    /// Of a semantic version the last numbers may be left out: they are 0.
    package init(parsing text: String) throws(ModuleQueryError) {
        let parts = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
        name = String(parts[0])
        description = text
        guard !name.isEmpty else { throw ModuleQueryError(text: text, reason: "it names no module") }
        guard parts.count == 2 else {
            bounds = []
            return
        }
        var bounds: [Bound] = []
        for part in parts[1].split(separator: ",", omittingEmptySubsequences: false) {
            let relation = Relation.allCases.first { part.hasPrefix($0.rawValue) }
            let written = String(part.dropFirst(relation?.rawValue.count ?? 0))
            guard let version = Self.completed(written) else {
                throw ModuleQueryError(text: text, reason: "'\(printable(written))' is not a semantic version")
            }
            bounds.append(Bound(relation: relation ?? .same, version: version))
        }
        self.bounds = bounds
    }

    private static func completed(_ version: String) -> String? {
        let plain = version.hasPrefix("go") ? String(version.dropFirst(2)) : version
        return [plain, plain + ".0", plain + ".0.0"].first(where: VersionScheme.semantic.accepts)
    }

    /// Whether a module of a program is asked for.
    package func matches(_ module: ProgramModule) -> Answer {
        guard module.name == name else { return .no }
        guard !bounds.isEmpty else { return .yes }
        guard let package = ComparedPackage(module) else { return .unknown }
        for bound in bounds {
            guard let order = package.scheme.compare(package.version, bound.version) else { return .unknown }
            guard bound.relation.holds(order) else { return .no }
        }
        return .yes
    }
}

/// Why a text asks for no module.
package struct ModuleQueryError: Error, CustomStringConvertible {
    let text: String
    let reason: String

    package var description: String {
        "'\(printable(text))' is not a module: \(reason); golang.org/x/net or golang.org/x/net@<0.38 is expected"
    }
}
