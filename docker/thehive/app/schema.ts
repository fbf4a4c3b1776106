/** Groovy scripts over the schema and the mixed index, run inside the graph server. */

/** Labels of vertices: what the application keeps. */
export const entityLabels = [
  "Organisation",
  "User",
  "Case",
  "Task",
  "Log",
  "Observable",
  "Alert",
  "Attachment",
] as const;

/**
 * Schema of an empty database: labels, keys, composite indices, and one mixed index over every vertex. Long texts are
 * not kept as keywords: Elasticsearch refuses a term above 32,766 bytes, and with it the whole document.
 * A schema that is there already stays: version lost, tables kept.
 */
export const createSchema = `
def m = graph.openManagement()
def created = !m.containsGraphIndex('global')
if (created) {
  ${JSON.stringify(entityLabels).replaceAll('"', "'")}.each { m.makeVertexLabel(it).make() }
  ['OrganisationUser', 'OrganisationCase', 'OrganisationAlert', 'CaseTask', 'TaskLog', 'CaseObservable', 'LogAttachment', 'ObservableAttachment', 'AlertCase'].each { m.makeEdgeLabel(it).make() }
  def key = { name, type, cardinality = Cardinality.SINGLE -> m.makePropertyKey(name).dataType(type).cardinality(cardinality).make() }
  def entity = key('_label', String)
  def login = key('login', String)
  def attachmentId = key('attachmentId', String)
  def source = ['type', 'source', 'sourceRef'].collect { key(it, String) }
  def mixed = m.buildIndex('global', Vertex.class)
  [entity, login, attachmentId, *source, key('tags', String, Cardinality.LIST)].each { mixed.addKey(it, Mapping.STRING.asParameter()) }
  ['group', 'status', 'dataType', 'profile', 'caseId', 'taskId', 'createdBy', 'updatedBy', 'contentType'].each { mixed.addKey(key(it, String), Mapping.STRING.asParameter()) }
  ['title', 'name'].each { mixed.addKey(key(it, String), Mapping.TEXTSTRING.asParameter()) }
  ['description', 'message', 'data'].each { mixed.addKey(key(it, String), Mapping.TEXT.asParameter()) }
  ['severity', 'number'].each { mixed.addKey(key(it, Integer)) }
  ['createdAt', 'updatedAt', 'size'].each { mixed.addKey(key(it, Long)) }
  key('password', String)
  key('hashes', String, Cardinality.LIST)
  mixed.buildMixedIndex('search')
  m.buildIndex('byLabel', Vertex.class).addKey(entity).buildCompositeIndex()
  m.buildIndex('byLogin', Vertex.class).addKey(login).unique().buildCompositeIndex()
  m.buildIndex('byAttachmentId', Vertex.class).addKey(attachmentId).buildCompositeIndex()
  def bySource = m.buildIndex('bySource', Vertex.class)
  source.each { bySource.addKey(it) }
  bySource.buildCompositeIndex()
}
m.commit()
groovy.json.JsonOutput.toJson([created: created])
`;

/** Writes every vertex into the index again. It adds what is missing and never removes what is too much. */
export const reindex = `
def m = graph.openManagement()
def metrics = m.updateIndex(m.getGraphIndex('global'), org.janusgraph.core.schema.SchemaAction.REINDEX).get()
m.commit()
groovy.json.JsonOutput.toJson([documents: metrics.getCustom('doc-updates')])
`;

/** Lets JanusGraph make the index, its alias and its mapping out of its own schema, as it does for a new database. */
export const registerIndex = `
def m = graph.openManagement()
def index = m.getGraphIndex('global')
def type = index.getBaseIndex()
def transaction = m.getWrappedTx()
index.getFieldKeys().each { graph.getIndexSerializer().register(type, it, transaction.getTxHandle()) }
m.commit()
groovy.json.JsonOutput.toJson([keys: index.getFieldKeys().length])
`;
