import ContentAddress
import NIOHTTP1
import OCI
import Printable
import Release

/// A request to the API whose parameters were found to be those of its operation.
struct APIRequest {
    let head: HTTPRequestHead
    /// The parameters by name, those of the path and those of the query.
    private let values: [String: String]

    /// Reads the parameters of an operation.
    ///
    /// Throws ``APIProblem`` for one that is missing or invalid, and for one that the operation doesn't have.
    init(
        _ head: HTTPRequestHead,
        _ query: [String: String],
        path: [String: String],
        of parameters: [APIParameter]
    ) throws {
        self.head = head
        values = query.merging(path) { _, own in own }
        let known = parameters.map(\.name)
        for name in query.keys.sorted() where !known.contains(name) || path[name] != nil {
            throw APIProblem(.badRequest, "there is no parameter \(name, limit: 40) here")
        }
        for parameter in parameters {
            if let value = values[parameter.name] {
                try parameter.check(value)
            } else if parameter.isRequired {
                throw APIProblem(.badRequest, "the parameter \(parameter.name) is missing")
            }
        }
    }

    subscript(_ name: String) -> String? { values[name] }

    /// The most items of a page.
    var limit: Int { values["limit"].flatMap { Int($0) } ?? APIParameter.defaultLimit }

    /// A parameter that is a digest, and was found to be one.
    func digest(_ name: String) throws -> Digest {
        guard let text = values[name], let digest = try? Digest(parsing: text) else {
            throw APIProblem.invalid(name, "sha256: and 64 digits are expected")
        }
        return digest
    }

    /// A parameter that is `name@version`.
    func release(_ name: String) throws -> ReleaseKey {
        do { return try ReleaseKey(parsing: values[name] ?? "") } catch { throw APIProblem.invalid(name, "\(error)") }
    }
}
