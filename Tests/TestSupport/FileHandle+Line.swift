import Foundation

extension FileHandle {
    /// The next line of a pipe without its newline, or what came before the end.
    ///
    /// A pipe gives what is in it at the moment: a line may come in pieces. What follows the line at once is lost.
    package func line() -> String {
        var line = Data()
        while !line.contains(UInt8(ascii: "\n")) {
            let piece = availableData
            if piece.isEmpty { break }
            line += piece
        }
        return String(decoding: line.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
    }
}
