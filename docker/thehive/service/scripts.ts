/**
 * The Groovy scripts that run inside the graph server. Bindings are never called `id` or `label`: those are tokens of the language.
 * Each ends in a JSON text; vertex ids are text, as they may exceed 2^53.
 */

/** Schema of an empty database: labels, keys, composite indices, and one mixed index over every vertex. */
export const createSchema = `
def m = graph.openManagement()
['Organisation','User','Case','Task','Log','Observable','Alert','Attachment'].each { m.makeVertexLabel(it).make() }
['OrganisationUser','OrganisationCase','CaseTask','TaskLog','CaseObservable','LogAttachment','ObservableAttachment','AlertCase'].each { m.makeEdgeLabel(it).make() }
def key = { name, type, cardinality = Cardinality.SINGLE -> m.makePropertyKey(name).dataType(type).cardinality(cardinality).make() }
def label = key('_label', String); def login = key('login', String); def attachmentId = key('attachmentId', String)
def texts = ['title','description','message','name','data'].collect { key(it, String) }
def tags = key('tags', String, Cardinality.LIST)
def names = ['group','status','type','source','sourceRef','dataType','profile','organisation','caseId','taskId','createdBy','updatedBy','contentType'].collect { key(it, String) }
def numbers = [key('severity', Integer), key('number', Integer), key('createdAt', Long), key('updatedAt', Long), key('size', Long)]
key('password', String); key('hashes', String, Cardinality.LIST)
def mixed = m.buildIndex('global', Vertex.class)
mixed.addKey(label, Mapping.STRING.asParameter()); mixed.addKey(login, Mapping.STRING.asParameter()); mixed.addKey(attachmentId, Mapping.STRING.asParameter())
texts.each { mixed.addKey(it, Mapping.TEXTSTRING.asParameter()) }
mixed.addKey(tags, Mapping.STRING.asParameter())
names.each { mixed.addKey(it, Mapping.STRING.asParameter()) }
numbers.each { mixed.addKey(it) }
mixed.buildMixedIndex('search')
m.buildIndex('byLabel', Vertex.class).addKey(label).buildCompositeIndex()
m.buildIndex('byLogin', Vertex.class).addKey(login).unique().buildCompositeIndex()
m.buildIndex('byAttachmentId', Vertex.class).addKey(attachmentId).buildCompositeIndex()
m.commit()
'true'
`;

export const readVersion = `
def version = graph.variables().get('thehive_version').orElse(null)
graph.tx().rollback()
groovy.json.JsonOutput.toJson([version: version])
`;

export const writeVersion = `
graph.variables().set('thehive_version', version as Integer)
graph.tx().commit()
'true'
`;

const describeVertex = `
def describe = { v ->
  def fields = [:]
  v.properties().each { p -> if (p.key() in ['tags','hashes']) { fields.computeIfAbsent(p.key(), { [] }) << p.value() } else { fields[p.key()] = p.value() } }
  def attachments = v.vertices(Direction.OUT, 'LogAttachment', 'ObservableAttachment').collect { a ->
    def inner = [:]
    a.properties().each { p -> if (p.key() == 'hashes') { inner.computeIfAbsent('hashes', { [] }) << p.value() } else { inner[p.key()] = p.value() } }
    [id: a.id().toString(), fields: inner]
  }
  [id: v.id().toString(), label: v.label(), fields: fields, attachments: attachments]
}
`;

/**
 * One transaction: adds vertices and edges, sets properties, removes vertices. `ops` is a list of
 * {op: add|edge|set|remove, …}; `ref` names a vertex added in the same call. Answers the ids by ref.
 */
export const mutate = `
def refs = [:]
def resolve = { key -> refs.containsKey(key) ? refs[key] : graph.vertices(key as Long).next() }
def assign = { v, fields -> fields.each { k, value ->
  if (value instanceof List) { v.properties(k).each { it.remove() }; value.each { v.property(VertexProperty.Cardinality.list, k, it) } }
  else if (value == null) { v.properties(k).each { it.remove() } }
  else { v.property(k, k in ['severity','number'] ? value as Integer : k in ['createdAt','updatedAt','size'] ? value as Long : value) } } }
try {
  ops.each { o ->
    if (o.op == 'add') { def v = graph.addVertex(o.label); v.property('_label', o.label); assign(v, o.fields); refs[o.ref] = v }
    else if (o.op == 'edge') { resolve(o.from).addEdge(o.label, resolve(o.to)) }
    else if (o.op == 'set') { assign(resolve(o.id), o.fields) }
    else if (o.op == 'remove') { resolve(o.id).remove() }
  }
  graph.tx().commit()
} catch (Throwable problem) { graph.tx().rollback(); throw problem }
groovy.json.JsonOutput.toJson(refs.collectEntries { k, v -> [k, v.id().toString()] })
`;

/** Vertices by id; those that do not exist are left out. */
export const readByIds = `${describeVertex}
def found = ids.collectMany { id -> def i = graph.vertices(id as Long); i.hasNext() ? [describe(i.next())] : [] }
graph.tx().rollback()
groovy.json.JsonOutput.toJson(found)
`;

/**
 * Vertices of a label by the composite index, in id order, above \`after\`, at most \`limit\`. With \`field\` and \`word\`, by
 * the mixed index, so that a stale index shows.
 */
export const listByLabel = `${describeVertex}
def base = word == null ? g.V().has('_label', entity) : g.V().has('_label', entity).has(field, textContains(word))
def ids = base.id().toList().collect { it as Long }.findAll { it > (after as Long) }.sort()
def page = ids.take(limit as Integer).collectMany { id -> def i = graph.vertices(id); i.hasNext() ? [describe(i.next())] : [] }
graph.tx().rollback()
groovy.json.JsonOutput.toJson([total: ids.size(), page: page])
`;

export const countByLabel = `
def base = word == null ? g.V().has('_label', entity) : g.V().has('_label', entity).has(field, textContains(word))
def n = base.count().next()
graph.tx().rollback()
groovy.json.JsonOutput.toJson(n)
`;

export const findByLogin = `${describeVertex}
def found = g.V().has('login', login).toList().collect { describe(it) }
graph.tx().rollback()
groovy.json.JsonOutput.toJson(found)
`;

/** How many attachment vertices share one file. */
export const countAttachments = `
def n = g.V().has('attachmentId', attachmentId).count().next()
graph.tx().rollback()
groovy.json.JsonOutput.toJson(n)
`;

/** Ids of everything below a case or a task, deepest last; attachments included. */
export const readSubtree = `
def walk; walk = { v -> [[id: v.id().toString(), label: v.label(), attachmentId: v.label() == 'Attachment' ? v.value('attachmentId') : null]] +
  v.vertices(Direction.OUT, 'CaseTask','TaskLog','CaseObservable','LogAttachment','ObservableAttachment').collectMany { walk(it) } }
def i = graph.vertices(root as Long)
def found = i.hasNext() ? walk(i.next()) : []
graph.tx().rollback()
groovy.json.JsonOutput.toJson(found)
`;

export const highestCaseNumber = `
// Not .max() in the traversal: JanusGraph 1.1 takes it for an aggregation of a mixed index and fails.
def n = g.V().has('_label', 'Case').values('number').toList().max() ?: 0
graph.tx().rollback()
groovy.json.JsonOutput.toJson(n)
`;

export const reindex = `
def m = graph.openManagement()
def f = m.updateIndex(m.getGraphIndex('global'), org.janusgraph.core.schema.SchemaAction.REINDEX)
def metrics = f.get()
m.commit()
groovy.json.JsonOutput.toJson([documents: metrics.getCustom('doc-updates')])
`;
