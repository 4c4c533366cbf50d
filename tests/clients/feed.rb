# Validates the feed by RFC 4287: what is missing, too often, unknown or no date is an error.
require "json"
require "net/http"
require "rss"

base = ARGV.fetch(0)

def validate(text)
  RSS::Parser.parse(text, validate: true, ignore_unknown_element: false)
end

["", "?severity=high", "?limit=100", "?clause_type=ai-training&limit=1", "?platform=quillhaven"].each do |query|
  response = Net::HTTP.get_response(URI("#{base}/feeds/changes.atom#{query}"))
  raise response.body unless response.is_a?(Net::HTTPSuccess)
  raise response["content-type"] unless response["content-type"].start_with?("application/atom+xml")
  text = response.body.force_encoding("UTF-8")
  feed = validate(text)
  changes = JSON.parse(Net::HTTP.get(URI("#{base}/v1/changes#{query}"))).fetch("changes")
  raise "#{feed.entries.size} of #{changes.size}" unless feed.entries.size == changes.size && changes.any?
  ids = feed.entries.map { |entry| entry.id.content }
  raise "an id is there twice" unless ids.uniq.size == ids.size
  raise "no rights" unless feed.entries.all? { |entry| entry.rights.content.include?("MIT OR Apache-2.0") }
  [%r{<updated>[^<]*</updated>}, %r{<id>[^<]*</id>}, %r{<title>[^<]*</title>}].each do |part|
    begin
      validate(text.sub(part, ""))
    rescue RSS::Error
      next
    end
    raise "a feed without #{part.source} passes for valid"
  end
  puts "/feeds/changes.atom#{query}: #{feed.entries.size} entries"
end
puts "rss #{RSS::VERSION}, ruby #{RUBY_VERSION}"
