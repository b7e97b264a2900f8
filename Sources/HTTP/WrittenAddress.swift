package import FoundationEssentials
import NIOCore
import NIOHTTP1

/// Addresses that servers give (`Location`, `Link`, a token server's realm), asked byte for byte as they were written.
///
/// A signature in an address holds for these bytes alone, and `URL` encodes characters that RFC 3986 doesn't have, which
/// some servers write all the same: `|`, `[`, a lone `%`, letters beyond ASCII. They stand in the URL as a mark and two
/// digits, and go out as themselves.
package enum WrittenAddress {
    // Unreserved characters, which nothing encodes.
    private static let mark = "~~byte~"

    /// The URL of a text as seen from another; without the fragment, which is never sent.
    package static func url(_ text: String, from base: URL? = nil) -> URL? {
        let text = text.trimmingBlanks.prefix { $0 != "#" }
        let start = targetStart(of: text)
        let target = text[start...]
        let isPlain = target.utf8.allSatisfy(isTaken) && !target.contains("%") && !target.contains(mark)
        let encoded = isPlain ? String(text) : String(text[..<start]) + encode(Array(target.utf8))
        return URL(string: encoded, relativeTo: base)?.absoluteURL
    }

    /// What a request line or a message says for a part of such a URL.
    package static func decode(_ text: String) -> String {
        guard text.contains(mark) else { return text }
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let first = rest.first {
            let byte = rest.starts(with: mark.utf8) ? hexadecimal(rest.dropFirst(mark.utf8.count).prefix(2)) : nil
            // Never what would end the line that the text is put into.
            if let byte, byte > 0x20, byte != 0x7F {
                bytes.append(byte)
                rest = rest.dropFirst(mark.utf8.count + 2)
            } else {
                bytes.append(first)
                rest = rest.dropFirst()
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    // Behind scheme and host, which have to be right.
    private static func targetStart(of text: Substring) -> Substring.Index {
        guard let slashes = text.firstRange(of: "//"),
            text[..<slashes.lowerBound].allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "+-.:".contains($0)) }
            )
        else { return text.startIndex }
        return text[slashes.upperBound...].firstIndex { $0 == "/" || $0 == "?" } ?? text.endIndex
    }

    private static func encode(_ bytes: [UInt8]) -> String {
        var encoded = ""
        for (index, byte) in bytes.enumerated() {
            let rest = bytes[index...]
            if byte == UInt8(ascii: "%") ? hexadecimal(rest.dropFirst().prefix(2)) != nil : isTaken(byte),
                !rest.starts(with: mark.utf8)
            {
                encoded.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                let digits = String(byte, radix: 16, uppercase: true)
                // Blanks and control characters can't stand in a request line.
                encoded += (byte <= 0x20 || byte == 0x7F ? "%" : mark) + (byte < 16 ? "0" : "") + digits
            }
        }
        return encoded
    }

    // RFC 3986: unreserved, sub-delims, and what else paths and queries have.
    private static func isTaken(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "-._~!$&'()*+,;=:@/?%".utf8.contains(byte)
        }
    }

    private static func hexadecimal(_ digits: ArraySlice<UInt8>) -> UInt8? {
        guard digits.count == 2, digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }) else { return nil }
        return UInt8(String(decoding: digits, as: UTF8.self), radix: 16)
    }
}

/// Puts the written form of addresses into the requests of a connection.
final class WrittenAddressHandler: ChannelOutboundHandler {
    typealias OutboundIn = HTTPClientRequestPart
    typealias OutboundOut = HTTPClientRequestPart

    /// Adds the handler to a connection of the HTTP client, behind what encodes requests.
    @Sendable static func add(to channel: any Channel) -> EventLoopFuture<Void> {
        channel.eventLoop.submit {
            let pipeline = channel.pipeline.syncOperations
            let encoder = try pipeline.handler(type: HTTPRequestEncoder.self)
            try pipeline.addHandler(WrittenAddressHandler(), position: .after(encoder))
        }
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        var part = unwrapOutboundIn(data)
        if case .head(var head) = part {
            head.uri = WrittenAddress.decode(head.uri)
            part = .head(head)
        }
        context.write(wrapOutboundOut(part), promise: promise)
    }
}
