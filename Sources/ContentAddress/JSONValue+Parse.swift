internal import Foundation

extension JSONValue {
    /// Reads a document.
    ///
    /// Throws `DecodingError` for what is no JSON, is nested more than 512 deep, or has a number that is no 64-bit
    /// whole number.
    public init(parsing bytes: [UInt8]) throws {
        self = try JSONDecoder().decode(JSONValue.self, from: Data(bytes))
    }
}
